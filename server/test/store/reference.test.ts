/** The reference passes the suite that every other store has to pass. */
import { ReferenceStore } from '../../src/store/reference/store.js';
import { conformance } from './conformance.js';

conformance('the reference', async () => {
  const store = new ReferenceStore();
  return { store, dispose: () => store.close() };
});
