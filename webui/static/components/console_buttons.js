/** Drawing of the console with the held buttons lit. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { buttonsOf } from "../state/console.js";

const SHAPES = {
  L: html`<path d="M6 17 Q7 8 17 8 H46 V15 H17 Q12 15 11 19 Z" />`,
  R: html`<path d="M186 17 Q185 8 175 8 H146 V15 H175 Q180 15 181 19 Z" />`,
  Up: html`<path d="M28 34 h12 v14 h-12 z" />`,
  Down: html`<path d="M28 60 h12 v14 h-12 z" />`,
  Left: html`<path d="M14 48 h14 v12 h-14 z" />`,
  Right: html`<path d="M40 48 h14 v12 h-14 z" />`,
  B: html`<circle cx="147" cy="61" r="8.5" />`,
  A: html`<circle cx="170" cy="50" r="8.5" />`,
  Select: html`<rect x="66" y="82" width="22" height="7" rx="3.5" />`,
  Start: html`<rect x="104" y="82" width="22" height="7" rx="3.5" />`,
};

const LETTERS = { A: [170, 53.2], B: [147, 64.2], L: [30, 14], R: [162, 14] };

export function ConsoleButtons({ keys }) {
  const held = new Set(buttonsOf(keys));
  const text = keys === "" ? "nothing held" : keys.replaceAll("+", " + ");
  return html`
    <figure class="console" aria-label="Buttons: ${text}">
      <svg viewBox="0 0 192 100" aria-hidden="true">
        <path class="console-body" d="M14 16 Q96 6 178 16 Q189 24 189 52 Q188 84 170 92 Q150 97 96 97 Q42 97 22 92 Q4 84 3 52 Q3 24 14 16 Z" />
        <rect class="console-screen" x="64" y="26" width="64" height="46" rx="3" />
        <path class="console-centre" d="M28 48 h12 v12 h-12 z" />
        ${Object.entries(SHAPES).map(
          ([name, shape]) => html`<g key=${name} class="console-button" data-button=${name} data-held=${held.has(name) ? "" : undefined}>${shape}</g>`,
        )}
        ${Object.entries(LETTERS).map(([name, [x, y]]) => html`<text key=${name} x=${x} y=${y} data-held=${held.has(name) ? "" : undefined}>${name}</text>`)}
      </svg>
    </figure>
  `;
}
