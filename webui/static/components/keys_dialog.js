/** All keys, as the keyboard handler knows them. */
import { html, useLayoutEffect, useRef } from "../vendor/htm-preact/standalone.module.js";
import { ACTIONS, GROUPS, shownKey } from "../state/keys.js";
import { useFocusBack } from "./hooks.js";

export function KeysOverlay({ keys, dispatch }) {
  const close = () => dispatch({ type: "overlay", name: null });
  const button = useRef(null);
  useFocusBack();
  useLayoutEffect(() => button.current.focus(), []);
  return html`
    <div class="overlay" onClick=${close}>
      <div class="dialog keys-dialog" role="dialog" aria-modal="true" aria-label="Keys" onClick=${(event) => event.stopPropagation()}>
        <h2>Keys</h2>
        <div class="key-groups">
          ${GROUPS.map((group) => html`<${Group} key=${group} group=${group} keys=${keys} />`)}
        </div>
        <p class="quiet">
          In a list of values its letters choose; with Shift the value flows onto every new set. 1 to 9 give what the held buttons mean. In the
          data folder, <code>keys.json</code> changes these keys.
        </p>
        <button class="button" ref=${button} onClick=${close}>Close <kbd>Esc</kbd></button>
      </div>
    </div>
  `;
}

const Group = ({ group, keys }) => html`
  <section>
    <h3 class="caption">${group}</h3>
    <dl class="keys">
      ${Object.entries(ACTIONS)
        .filter(([name, one]) => one.group === group && keys[name]?.length)
        .map(
          ([name, { does }]) => html`
            <dt key="${name}k">${shownKey(keys[name][0]).map((key) => html`<kbd>${key}</kbd>`)}</dt>
            <dd key=${name}>${does}</dd>
          `,
        )}
    </dl>
  </section>
`;
