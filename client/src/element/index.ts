/** Importing this defines <badged-count>. On a server it does nothing. */
import { BadgedCountElement } from './badged_count.js';

export { BadgedCountElement, type CountSource } from './badged_count.js';

if (typeof customElements !== 'undefined' && customElements.get('badged-count') === undefined) {
  customElements.define('badged-count', BadgedCountElement);
}
