/** The description of the sets that labels go to when its writing begins. Written down when it is left; Escape leaves it too. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { count } from "../state/format.js";
import { isComposing } from "../state/keys.js";
import { commonValue } from "../state/labels.js";
import { countOf } from "../state/ranges.js";
import { targets } from "../state/label_commands.js";
import { Hint } from "./hint.js";

export function Description({ state, rows = "1", dispatch }) {
  const chosen = targets(state);
  const held = commonValue(state.watched.labels, "description", chosen);
  // What was sent from here is shown where it belongs until it comes back, what is being written wherever the person looks.
  const writing = state.writing?.sent && String(chosen) !== String(state.writing.ranges) ? null : state.writing;
  return html`
    <label class="description" data-unsaved=${writing !== null && !writing.sent ? "" : undefined}>
      <span class="off-screen">Description</span>
      <${Hint} keys=${state.keys} name="description" />
      <textarea
        id="description"
        class="input"
        rows=${rows}
        placeholder=${held === null ? "Different descriptions" : "Description"}
        value=${writing?.text ?? held ?? ""}
        onInput=${(event) => dispatch({ type: "write", text: event.currentTarget.value })}
        onBlur=${() => dispatch({ type: "describe" })}
        onKeyDown=${(event) => {
          if (event.key === "Enter" && !event.shiftKey && !isComposing(event)) {
            event.preventDefault();
            event.currentTarget.blur();
          }
        }}
      ></textarea>
      ${writing !== null && !writing.sent && state.following && html`<span class="quiet">${whose(writing.ranges)}</span>`}
    </label>
  `;
}

function whose(ranges) {
  const many = countOf(ranges);
  return many === 1 ? `Of set ${count(ranges[0][0])}` : `Of ${count(many)} sets`;
}
