/** Label panel: every field with its key, actions on sets and runs, suggestions. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { formatNumber } from "../state/format.js";
import { ACTIONS, hintOf } from "../state/keys.js";
import { commonValue, FIELD_HINTS, FIELD_NAMES, FIELDS, nameOf } from "../state/labels.js";
import { suggestedActions } from "../state/option_list.js";
import { targets } from "../state/selection.js";
import { latchedOf } from "../state/selectors.js";
import { ConsoleButtons } from "./console_buttons.js";
import { Icon, KeyHint } from "./icons.js";
import { CommandStatus, ConfigErrors, Description, LatchBar, ScopePicker, UserName } from "./label_controls.js";
import { OptionList } from "./option_list.js";
import { SuggestionHere } from "./suggestion_here.js";

export function LabelPanel({ state, session, frameSet, dispatch }) {
  const optionList = state.optionList !== null && html`<${OptionList} key=${state.optionList} state=${state} frameSet=${frameSet} dispatch=${dispatch} />`;
  if (state.watched === null) return html`<section class="labels" aria-label="Labels">${optionList}</section>`;
  return html`
    <section class="labels" aria-label="Labels">
      <${LatchBar} state=${state} session=${session} dispatch=${dispatch} />
      <${ScopePicker} state=${state} session=${session} dispatch=${dispatch} />
      <${RunActions} state=${state} dispatch=${dispatch} />
      <${ConfigErrors} state=${state} />
      <div class="fields">
        ${[...FIELDS, "tags"].map((field) => html`<${Field} key=${field} state=${state} session=${session} field=${field} dispatch=${dispatch} />`)}
      </div>
      <${SuggestionHere} state=${state} dispatch=${dispatch} />
      <${LabelActions} state=${state} dispatch=${dispatch} />
      ${!state.selection?.field && html`<${ButtonSuggestions} state=${state} frameSet=${frameSet} dispatch=${dispatch} />`}
      <${Description} state=${state} dispatch=${dispatch} />
      <${CommandStatus} state=${state} dispatch=${dispatch}><${UserName} state=${state} dispatch=${dispatch} /><//>
      ${optionList}
    </section>
  `;
}

/** Key binding, text and title. */
const RUN_ACTIONS = [
  ["rangeStart", "Start", "Start the run at the current set; the arrow keys go there"],
  ["rangeEnd", "End", "End the run at the current set; the arrow keys go there"],
  ["split", "Split", "Choose another label from the current set on"],
  ["merge", "Join", "Apply this label to the next run too"],
  ["clear", "Clear", "Clear the label of this run"],
];

/** Actions on the selected run of a lane. */
function RunActions({ state, dispatch }) {
  const { selection, keys } = state;
  if (!selection?.field) return null;
  const [first, last] = selection.ranges[0];
  return html`
    <div class="run-actions">
      <span role="status">${FIELD_NAMES[selection.field]}<span class="off-screen">, ${formatNumber(first)} – ${formatNumber(last)}</span></span>
      <span class="spacer"></span>
      ${RUN_ACTIONS.map(
        ([key, text, title]) => html`
          <button class="button" key=${key} title=${title} onClick=${() => dispatch(ACTIONS[key].action)}>
            ${text} <${KeyHint} keys=${keys} name=${key} />
          </button>
        `,
      )}
    </div>
  `;
}

function Field({ state, session, field, dispatch }) {
  const value = commonValue(state.watched.labels, field, targets(state));
  const isLatched = session?.state !== "ended" && latchedOf(state)[field];
  const text = value === null ? "different" : [value].flat().map((one) => nameOf(state.watched, field, one)).join(", ");
  return html`
    <button
      class="field"
      data-field=${field}
      title=${FIELD_HINTS[field]}
      aria-haspopup="listbox"
      aria-expanded=${state.optionList === field}
      onClick=${() => dispatch({ type: "optionList", field })}
    >
      <span class="field-name">${FIELD_NAMES[field]} <${KeyHint} keys=${state.keys} name=${field} /></span>
      <span class="field-value" data-none=${value?.length ? undefined : ""}>
        <span class="ellipsis">${text || "–"}</span>
        ${isLatched && html`<${Icon} name="latch" />`}
      </span>
    </button>
  `;
}

function LabelActions({ state, dispatch }) {
  const { keys } = state;
  const complete = commonValue(state.watched.labels, "complete", targets(state));
  return html`
    <div class="label-actions">
      <button
        class="button complete"
        role="checkbox"
        aria-checked=${complete === null ? "mixed" : complete === true}
        onClick=${() => dispatch({ type: "toggleComplete" })}
      >
        <${Icon} name=${complete === true ? "checked" : "unchecked"} /> Complete <${KeyHint} keys=${keys} name="complete" />
      </button>
      <button class="button" title="Mark as complete and go to the next set" onClick=${() => dispatch({ type: "completeAndNext" })}>
        and next <${KeyHint} keys=${keys} name="completeAndNext" />
      </button>
      <button class="button" title="Copy the labels of the previous set" onClick=${() => dispatch({ type: "copyPrevious" })}>
        Copy previous <${KeyHint} keys=${keys} name="copyPrevious" />
      </button>
      <span class="spacer"></span>
      <span class="undo-redo">
        <button class="button icon-button" aria-label="Undo" title="Undo (${hintOf(keys, "undo")})" onClick=${() => dispatch({ type: "undo" })}>
          <${Icon} name="undo" />
        </button>
        <button class="button icon-button" aria-label="Redo" title="Redo (${hintOf(keys, "redo")})" onClick=${() => dispatch({ type: "redo" })}>
          <${Icon} name="redo" />
        </button>
      </span>
    </div>
  `;
}

/** The held buttons, and the actions that the game config names for them, each on a number key. */
function ButtonSuggestions({ state, frameSet, dispatch }) {
  const suggestions = suggestedActions(state, frameSet?.keys ?? "");
  return html`
    <div class="button-suggestions">
      <${ConsoleButtons} keys=${frameSet?.keys ?? ""} />
      <div class="suggestions">
        ${suggestions.length === 0
          ? html`<span class="quiet">${frameSet?.keys ? "No action is known for these buttons in this context." : "Suggestions for held buttons appear here."}</span>`
          : suggestions.map(
              ({ value, button }, index) => html`
                <button class="button" key=${value} onClick=${() => dispatch({ type: "applyLabels", labels: { action: value } })}>
                  <kbd>${index + 1}</kbd> ${value.replaceAll("_", " ")} <span class="quiet">${button}</span>
                </button>
              `,
            )}
      </div>
    </div>
  `;
}
