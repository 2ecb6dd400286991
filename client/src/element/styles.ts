/** The element's style sheets, one for all elements. A page changes them with ::part(count) and --badged-*. */

const COUNT = `
:host { display: inline-flex; position: relative; vertical-align: middle; }
:host([hidden]) { display: none; }
svg, ::slotted(svg) { inline-size: 1.5em; block-size: 1.5em; }
[part='count'] {
  position: absolute;
  inset-block-start: var(--badged-count-block-offset, -0.5em);
  inset-inline-start: calc(100% + var(--badged-count-inline-offset, -1em));
  box-sizing: border-box;
  min-inline-size: 1.6em;
  padding-inline: 0.35em;
  border-radius: 1em;
  background: var(--badged-count-background, #c81e1e);
  color: var(--badged-count-color, #fff);
  box-shadow: 0 0 0 0.15em var(--badged-count-ring, transparent);
  font: 600 var(--badged-count-size, 0.75rem) / 1.6 system-ui, sans-serif;
  font-variant-numeric: tabular-nums;
  text-align: center;
  white-space: nowrap;
  pointer-events: none;
  animation: badged-appear 0.15s ease-out;
}
[part='count'][hidden] { display: none; }
@keyframes badged-appear { from { transform: scale(0.4); } }
@media (prefers-reduced-motion: reduce) { [part='count'] { animation: none; } }
@media (forced-colors: active) { [part='count'] { border: 1px solid CanvasText; } }
`;

/** Invisible, but readable for screen readers. */
const HIDDEN = `
:host { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;

export const countStyles = once(COUNT);
export const hiddenStyles = once(HIDDEN);

function once(text: string): () => CSSStyleSheet {
  let sheet: CSSStyleSheet | undefined;
  return () => {
    if (sheet === undefined) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
    }
    return sheet;
  };
}
