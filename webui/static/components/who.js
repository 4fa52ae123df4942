/** Who labels here: everybody undoes their own. */
import { html, useState } from "../vendor/htm-preact/standalone.module.js";
import { isComposing } from "../state/keys.js";

export function Who({ state, dispatch }) {
  const [draft, setDraft] = useState(null);
  const leave = () => {
    const who = draft?.trim();
    if (who) dispatch({ type: "name", who });
    setDraft(null);
  };
  return html`
    <label class="who">
      You
      <input
        class="input"
        maxlength="60"
        spellcheck="false"
        autocomplete="off"
        value=${draft ?? state.who}
        onInput=${(event) => setDraft(event.currentTarget.value)}
        onKeyDown=${(event) => event.key === "Enter" && !isComposing(event) && event.currentTarget.blur()}
        onBlur=${leave}
      />
    </label>
  `;
}
