/** Where labels are given: what flows, where labels go, each field with its key, and what the held buttons mean. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { hintOf } from "../state/keys.js";
import { commonValue, FIELD_NAMES, FIELDS, nameOf } from "../state/labels.js";
import { latchedOf, targets } from "../state/label_commands.js";
import { Description } from "./description.js";
import { Held } from "./held.js";
import { Hint } from "./hint.js";
import { Icon } from "./icons.js";
import { Latched } from "./label_controls.js";
import { Palette } from "./palette.js";
import { RunActions } from "./run_actions.js";
import { Said } from "./said.js";
import { Scope } from "./scope.js";
import { Troubles } from "./troubles.js";
import { Who } from "./who.js";

export function LabelPanel({ state, session, shown, dispatch }) {
  const { watched, keys } = state;
  if (watched === null) return html`<section class="labels" aria-label="Labels"></section>`;
  const chosen = targets(state);
  return html`
    <section class="labels" aria-label="Labels">
      <${Latched} state=${state} session=${session} dispatch=${dispatch} />
      <${Scope} state=${state} session=${session} dispatch=${dispatch} />
      <${RunActions} state=${state} dispatch=${dispatch} />
      <${Troubles} state=${state} />
      <div class="fields">
        ${FIELDS.map((field) => html`<${Field} key=${field} state=${state} session=${session} field=${field} chosen=${chosen} dispatch=${dispatch} />`)}
        <${Tags} state=${state} chosen=${chosen} dispatch=${dispatch} />
      </div>
      <div class="label-actions">
        <${Complete} state=${state} chosen=${chosen} dispatch=${dispatch} />
        <button class="button" onClick=${() => dispatch({ type: "copyPrevious" })} title="Give it the labels of the set before">
          As before <${Hint} keys=${keys} name="copyPrevious" />
        </button>
        <span class="spacer"></span>
        <span class="turn">
          <button class="button icon-button" aria-label="Undo" title="Undo (${hintOf(keys, "undo")})" onClick=${() => dispatch({ type: "undo" })}>
            <${Icon} name="undo" />
          </button>
          <button class="button icon-button" aria-label="Do again" title="Do again (${hintOf(keys, "redo")})" onClick=${() => dispatch({ type: "redo" })}>
            <${Icon} name="redo" />
          </button>
        </span>
      </div>
      <${Held} state=${state} shown=${shown} dispatch=${dispatch} />
      <${Description} state=${state} dispatch=${dispatch} />
      <${Said} state=${state}><${Who} state=${state} dispatch=${dispatch} /><//>
      ${state.palette !== null && html`<${Palette} key=${state.palette} state=${state} shown=${shown} dispatch=${dispatch} />`}
    </section>
  `;
}

function Field({ state, session, field, chosen, dispatch }) {
  const value = commonValue(state.watched.labels, field, chosen);
  const flows = session?.state !== "ended" && latchedOf(state)[field];
  return html`
    <button
      class="field"
      data-field=${field}
      aria-haspopup="listbox"
      aria-expanded=${state.palette === field}
      onClick=${() => dispatch({ type: "palette", field })}
    >
      <span class="field-name">${FIELD_NAMES[field]} <${Hint} keys=${state.keys} name=${field} /></span>
      <span class="field-value" data-none=${!value ? "" : undefined}>
        <span>${value === null ? "different" : value ? nameOf(state.watched, field, value) : "–"}</span>
        ${flows && html`<${Icon} name="flow" />`}
      </span>
    </button>
  `;
}

function Tags({ state, chosen, dispatch }) {
  const tags = commonValue(state.watched.labels, "tags", chosen);
  return html`
    <button class="field" data-field="tags" aria-haspopup="listbox" aria-expanded=${state.palette === "tags"} onClick=${() => dispatch({ type: "palette", field: "tags" })}>
      <span class="field-name">Tags <${Hint} keys=${state.keys} name="tags" /></span>
      <span class="field-value" data-none=${tags?.length ? undefined : ""}>
        <span>${tags === null ? "different" : tags.length ? tags.join(", ") : "–"}</span>
      </span>
    </button>
  `;
}

function Complete({ state, chosen, dispatch }) {
  const complete = commonValue(state.watched.labels, "complete", chosen);
  return html`
    <button class="button complete" role="checkbox" aria-checked=${complete === null ? "mixed" : complete === true} onClick=${() => dispatch({ type: "toggleComplete" })}>
      <${Icon} name=${complete === true ? "done" : "open"} /> Complete <${Hint} keys=${state.keys} name="complete" />
    </button>
    <button class="button" title="Mark as complete and go to the next one" onClick=${() => dispatch({ type: "completeAndNext" })}>
      and next <${Hint} keys=${state.keys} name="completeAndNext" />
    </button>
  `;
}
