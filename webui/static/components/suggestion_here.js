/** Suggestion of memory for the current set, in the label panel. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { ACTIONS } from "../state/keys.js";
import { FIELD_NAMES } from "../state/labels.js";
import { suggestionAt, suggestionInWords } from "../state/suggestions.js";
import { KeyHint } from "./icons.js";

/** The suggestion for the current set, with its reason. */
export function SuggestionHere({ state, dispatch }) {
  const row = state.selected === null ? undefined : suggestionAt(state, state.selected);
  if (row === undefined) return null;
  const words = suggestionInWords(row);
  return html`
    <div class="suggestion-here">
      <span title=${words}>${FIELD_NAMES[state.suggested.field]}: ${words}</span>
      <span class="spacer"></span>
      <button class="button" onClick=${() => dispatch(ACTIONS.takeSuggestion.action)}>Take <${KeyHint} keys=${state.keys} name="takeSuggestion" /></button>
    </div>
  `;
}
