/** Modal dialogs: all key bindings, how to start BizHawk, and the question before a large edit. */
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
      In a list of values, typing finds, the arrows move and ↵ takes the marked value; with Shift it is applied from now on. A digit or Alt with a
      letter takes the value beside which it stands. 1 to 9 apply the suggestions for the held buttons. To change these keys, edit
      <code>keys.json</code> in the data folder.
    </p>
    <button
      class="button first-steps"
      onClick=${() => {
        dispatch({ type: "overlay", name: null });
        dispatch({ type: "tour", step: 0 });
      }}
    >
      Show me the first steps
    </button>
  <//>
`;

/** The question before an edit that changes many sets. */
export function QuestionDialog({ question: { text, verb, note = "It can be undone.", action }, dispatch }) {
  const agree = () => {
    dispatch({ type: "overlay", name: null });
    dispatch(action);
  };
  // A key that is held down asks, and must not answer as well.
  const onKeyDown = (event) => event.repeat && event.preventDefault();
  return html`
    <${Dialog} name="Change many sets?" className="question-dialog" role="alertdialog" close="Cancel" dispatch=${dispatch}>
      <h2>${text}</h2>
      <p class="quiet">${note}</p>
      <button class="button primary" onClick=${agree} onKeyDown=${onKeyDown}>${verb}</button>
    <//>
  `;
}

export const StartDialog = ({ link, dispatch }) => html`<${Dialog} name="Start BizHawk" dispatch=${dispatch}><${StartGuide} link=${link} /><//>`;

/** Its primary button takes the focus, else the one that closes it. */
export function Dialog({ name, className = "", role = "dialog", close: closeText = "Close", dispatch, children }) {
  const close = () => dispatch({ type: "overlay", name: null });
  const dialog = useRef(null);
  useFocusRestored();
  useLayoutEffect(() => dialog.current.querySelector(".primary, :scope > .button").focus({ preventScroll: true }), []);
  // From a field too, which the page's own Escape only leaves.
  const onKeyDown = (event) => {
    if (event.key !== "Escape" || isComposing(event)) return;
    event.stopPropagation();
    close();
  };
  return html`
    <div class="overlay" onClick=${close} onKeyDown=${onKeyDown}>
      <div class="dialog ${className}" ref=${dialog} role=${role} aria-modal="true" aria-label=${name} onClick=${(event) => event.stopPropagation()}>
        ${children}
        <button class="button" onClick=${close}>${closeText} <kbd>Esc</kbd></button>
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
