/** Who labels here: everybody undoes their own. */
import { html } from "../vendor/htm-preact/standalone.module.js";

export const Who = ({ state, dispatch }) => html`
  <label class="who">
    You
    <input
      class="input"
      maxlength="60"
      spellcheck="false"
      autocomplete="off"
      value=${state.who}
      onKeyDown=${(event) => event.key === "Enter" && event.currentTarget.blur()}
      onChange=${(event) => dispatch({ type: "name", who: event.currentTarget.value.trim() || state.who })}
    />
  </label>
`;
