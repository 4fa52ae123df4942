/** Modal dialogs: all key bindings, and how to start BizHawk. */
import { html, useLayoutEffect, useRef } from "../vendor/htm-preact/standalone.module.js";
import { ACTIONS, GROUPS, isComposing, shownKey } from "../state/keys.js";
import { useFocusRestored } from "./hooks.js";
import { StartGuide } from "./start_guide.js";

export const KeysDialog = ({ keys, dispatch }) => html`
  <${Dialog} name="Keys" className="keys-dialog" dispatch=${dispatch}>
    <h2>Keys</h2>
    <div class="key-groups">
      ${GROUPS.map((group) => html`<${KeyGroup} key=${group} group=${group} keys=${keys} />`)}
    </div>
    <p class="quiet">
      In a list of values, a letter chooses; with Shift it latches the value from now on. 1 to 9 apply the suggestions for the held buttons. To
      change these keys, edit <code>keys.json</code> in the data folder.
    </p>
  <//>
`;

export const StartDialog = ({ link, dispatch }) => html`<${Dialog} name="Start BizHawk" dispatch=${dispatch}><${StartGuide} link=${link} /><//>`;

export function Dialog({ name, className = "", dispatch, children }) {
  const close = () => dispatch({ type: "overlay", name: null });
  const button = useRef(null);
  useFocusRestored();
  useLayoutEffect(() => button.current.focus({ preventScroll: true }), []);
  // From a field too, which the page's own Escape only leaves.
  const onKeyDown = (event) => {
    if (event.key !== "Escape" || isComposing(event)) return;
    event.stopPropagation();
    close();
  };
  return html`
    <div class="overlay" onClick=${close} onKeyDown=${onKeyDown}>
      <div class="dialog ${className}" role="dialog" aria-modal="true" aria-label=${name} onClick=${(event) => event.stopPropagation()}>
        ${children}
        <button class="button" ref=${button} onClick=${close}>Close <kbd>Esc</kbd></button>
      </div>
    </div>
  `;
}

const KeyGroup = ({ group, keys }) => html`
  <section>
    <h3 class="caption">${group}</h3>
    <dl class="keys">
      ${Object.entries(ACTIONS)
        .filter(([name, one]) => one.group === group && keys[name]?.length)
        .map(
          ([name, { text }]) => html`
            <dt key="${name}k">${shownKey(keys[name][0]).map((key) => html`<kbd>${key}</kbd>`)}</dt>
            <dd key=${name}>${text}</dd>
          `,
        )}
    </dl>
  </section>
`;
