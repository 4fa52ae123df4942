/** All keys, as the keyboard handler knows them. */
import { html, useEffect, useRef } from "../vendor/htm-preact/standalone.module.js";
import { KEYS } from "../state/keys.js";

export function KeysOverlay({ dispatch }) {
  const close = () => dispatch({ type: "overlay", name: null });
  const button = useRef(null);
  useEffect(() => button.current.focus(), []);
  return html`
    <div class="overlay" onClick=${close}>
      <div class="dialog" role="dialog" aria-modal="true" aria-label="Keys" onClick=${(event) => event.stopPropagation()}>
        <h2>Keys</h2>
        <dl class="keys">
          ${KEYS.map(
            ({ shown, does }) => html`
              <dt>${shown.map((key) => html`<kbd>${key}</kbd>`)}</dt>
              <dd>${does}</dd>
            `,
          )}
        </dl>
        <button class="button" ref=${button} onClick=${close}>Close</button>
      </div>
    </div>
  `;
}
