/** Where labels are given: what flows, where labels go, each field with its key, and what the held buttons mean. */
import { html, useEffect, useState } from "../vendor/htm-preact/standalone.module.js";
import { countOf } from "../state/ranges.js";
import { count } from "../state/format.js";
import { hintOf } from "../state/keys.js";
import { commonValue, FIELD_NAMES, FIELDS, nameOf } from "../state/labels.js";
import { suggested } from "../state/palette.js";
import { latchedOf, targets } from "../state/wishes.js";
import { Description } from "./description.js";
import { Hint } from "./hint.js";
import { Icon } from "./icon.js";
import { Pad } from "./pad.js";
import { Palette } from "./palette.js";
import { Who } from "./who.js";

export function LabelPanel({ state, session, shown, dispatch }) {
  const { watched, keys } = state;
  if (watched === null) return html`<section class="labels" aria-label="Labels"></section>`;
  const chosen = targets(state);
  const here = watched.damaged.find(([number]) => number === state.selected);
  return html`
    <section class="labels" aria-label="Labels">
      <${Latched} state=${state} session=${session} dispatch=${dispatch} />
      <${Scope} state=${state} session=${session} dispatch=${dispatch} />
      ${watched.offer?.problems.map((problem) => html`<p class="trouble" role="alert">${problem}</p>`)}
      ${here && html`<p class="trouble" role="alert">${here[1]} The file is set aside as soon as you label this set.</p>`}
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

/** What flows onto every new set: the one thing that must not be overlooked. */
export function Latched({ state, session, dispatch }) {
  const latched = Object.entries(latchedOf(state));
  if (session?.state === "ended") return null;
  return html`
    <div class="latched" data-on=${latched.length > 0 ? "" : undefined}>
      <${Icon} name="flow" />
      ${latched.length === 0
        ? html`<span class="quiet">Nothing flows onto new sets. <span class="keys-only"><${Hint} keys=${state.keys} name="scopeLatch" /> then a label lets it flow.</span></span>`
        : html`
            <span class="latched-text">Onto every new set</span>
            ${latched.map(
              ([field, value]) => html`
                <button
                  key=${field}
                  class="latch"
                  data-field=${field}
                  title="Stop ${FIELD_NAMES[field]}"
                  onClick=${() => dispatch({ type: "give", labels: { [field]: field === "tags" ? [] : "" }, scope: "latch" })}
                >
                  <b>${[value].flat().map((one) => nameOf(state.watched, field, one)).join(", ")}</b><${Icon} name="close" />
                </button>
              `,
            )}
            <button class="latch-clear" onClick=${() => dispatch({ type: "clearLatched" })}>Stop all <${Hint} keys=${state.keys} name="clearLatched" /></button>
          `}
    </div>
  `;
}

export function Scope({ state, session, dispatch }) {
  const { selection, scope, seconds, keys } = state;
  const many = selection === null ? 1 : countOf(selection.ranges);
  const one = many === 1 ? "This set" : `${count(many)} sets`;
  const set = (name) => dispatch({ type: "scope", scope: name });
  return html`
    <div class="scope" role="radiogroup" aria-label="Where labels go">
      <button class="segment" role="radio" aria-checked=${scope === "sets"} data-scope="sets" onClick=${() => set("sets")}>
        ${one} <${Hint} keys=${keys} name="scopeSets" />
      </button>
      <button class="segment" role="radio" aria-checked=${scope === "recent"} data-scope="recent" onClick=${() => set("recent")}>
        Last
        <input
          class="seconds"
          type="number"
          min="1"
          max="600"
          aria-label="Seconds"
          value=${seconds}
          onClick=${(event) => event.stopPropagation()}
          onInput=${(event) => dispatch({ type: "seconds", seconds: Number(event.currentTarget.value) })}
        />
        s <${Hint} keys=${keys} name="scopeRecent" />
      </button>
      <button
        class="segment"
        role="radio"
        aria-checked=${scope === "latch"}
        data-scope="latch"
        disabled=${session?.state === "ended"}
        onClick=${() => set("latch")}
      >
        From now on <${Hint} keys=${keys} name="scopeLatch" />
      </button>
    </div>
    ${selection?.field &&
    html`
      <div class="run-actions">
        <span class="quiet" role="status">${FIELD_NAMES[selection.field]}, ${count(selection.ranges[0][0])} – ${count(selection.ranges[0][1])}</span>
        <span class="spacer"></span>
        <button class="button" title="Let it begin at the set in sight" onClick=${() => dispatch({ type: "rangeEnd", end: 0 })}>Begin <${Hint} keys=${keys} name="rangeStart" /></button>
        <button class="button" title="Let it end at the set in sight" onClick=${() => dispatch({ type: "rangeEnd", end: 1 })}>End <${Hint} keys=${keys} name="rangeEnd" /></button>
        <button class="button" onClick=${() => dispatch({ type: "split" })}>Split <${Hint} keys=${keys} name="split" /></button>
        <button class="button" onClick=${() => dispatch({ type: "merge" })}>Join next <${Hint} keys=${keys} name="merge" /></button>
        <button class="button" onClick=${() => dispatch({ type: "clearRun" })}>Empty <${Hint} keys=${keys} name="clear" /></button>
      </div>
    `}
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

/** The buttons held and what they mean in the context, each on a number key. */
function Held({ state, shown, dispatch }) {
  const meanings = suggested(state, shown?.keys ?? "");
  return html`
    <div class="held">
      <${Pad} keys=${shown?.keys ?? ""} />
      <div class="meanings">
        ${meanings.length === 0
          ? html`<span class="quiet">${shown?.keys ? "No action is known for these buttons in this context." : "Actions that held buttons mean appear here."}</span>`
          : meanings.map(
              ({ value, button }, index) => html`
                <button class="button meaning" key=${value} onClick=${() => dispatch({ type: "give", labels: { action: value } })}>
                  <kbd>${index + 1}</kbd> ${value.replaceAll("_", " ")} <span class="quiet">${button}</span>
                </button>
              `,
            )}
      </div>
    </div>
  `;
}

/** What came of the last label, and what has not been confirmed yet. */
export function Said({ state, children }) {
  const waiting = state.outbox;
  const late = useLate(waiting > 0, 400);
  return html`
    <div class="said">
      ${state.refused
        ? html`<p class="trouble" role="alert">${state.refused}</p>`
        : html`<p class="quiet" role="status">${late ? `${waiting === 1 ? "1 label is" : `${waiting} labels are`} not saved yet; kept here and sent again.` : state.said}</p>`}
      ${children}
    </div>
  `;
}

/** Whether something has been so for a while. */
function useLate(on, after) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (!on) return undefined;
    const timer = setTimeout(() => setLate(true), after);
    return () => clearTimeout(timer);
  }, [on]);
  return on && late;
}
