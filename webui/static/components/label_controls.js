/** Controls shared by label panel and label pad: latches, scope, description, status, errors. */
import { html, useEffect, useState } from "../vendor/htm-preact/standalone.module.js";
import { countedSets, formatNumber } from "../state/format.js";
import { isComposing } from "../state/keys.js";
import { commonValue, FIELD_NAMES, nameOf } from "../state/labels.js";
import { clearField } from "../state/option_list.js";
import { countOf } from "../state/ranges.js";
import { targets } from "../state/selection.js";
import { waitingInWords } from "../state/saving.js";
import { latchedOf } from "../state/selectors.js";
import { Icon, KeyHint } from "./icons.js";
import { onRovingKey, rovingItem } from "./roving.js";

/** The values latched for every new set: always in view, for they label without further action. */
export function LatchBar({ state, session, dispatch }) {
  const latched = Object.entries(latchedOf(state));
  if (session?.state === "ended") return null;
  return html`
    <div class="latch-bar" data-on=${latched.length > 0 ? "" : undefined}>
      <${Icon} name="latch" />
      ${latched.length === 0
        ? html`<span class="quiet">Nothing latched. <span class="keys-only">Press <${KeyHint} keys=${state.keys} name="scopeLatch" />, then choose a label.</span></span>`
        : html`
            <span class="latch-title">On every new set</span>
            ${latched.map(
              ([field, value]) => html`
                <button
                  key=${field}
                  class="latch"
                  data-field=${field}
                  title="Clear the latch of ${FIELD_NAMES[field]}"
                  onClick=${() => dispatch(clearField(field, "latch"))}
                >
                  <b>${[value].flat().map((one) => nameOf(state.watched, field, one)).join(", ")}</b><${Icon} name="close" />
                </button>
              `,
            )}
            <button class="latch-clear" onClick=${() => dispatch({ type: "clearLatched" })}>Clear all <${KeyHint} keys=${state.keys} name="clearLatched" /></button>
          `}
    </div>
  `;
}

/** The sets that labels apply to: the current or selected ones, the last seconds, or every new one. */
export function ScopePicker({ state, session, dispatch }) {
  const { selection, scope, seconds, keys } = state;
  const selected = selection === null ? 1 : countOf(selection.ranges);
  const choose = (name) => dispatch({ type: "scope", scope: name });
  return html`
    <div class="scope" role="radiogroup" aria-label="Apply labels to" onKeyDown=${onRovingKey}>
      <button class="segment" role="radio" aria-checked=${scope === "sets"} ...${rovingItem(scope === "sets")} data-scope="sets" onClick=${() => choose("sets")}>
        ${selected === 1 ? "This set" : countedSets(selected)} <${KeyHint} keys=${keys} name="scopeSets" />
      </button>
      <div class="segment recent" data-checked=${scope === "recent" ? "" : undefined}>
        <button role="radio" aria-checked=${scope === "recent"} ...${rovingItem(scope === "recent")} aria-label="Last ${seconds} seconds" data-scope="recent" onClick=${() => choose("recent")}>Last</button>
        <input
          class="seconds"
          type="number"
          min="1"
          max="600"
          aria-label="Seconds"
          value=${seconds}
          onInput=${(event) => dispatch({ type: "seconds", seconds: Number(event.currentTarget.value) })}
        />
        s <${KeyHint} keys=${keys} name="scopeRecent" />
      </div>
      <button
        class="segment"
        role="radio"
        aria-checked=${scope === "latch"}
        ...${rovingItem(scope === "latch")}
        data-scope="latch"
        disabled=${session?.state === "ended"}
        onClick=${() => choose("latch")}
      >
        From now on <${KeyHint} keys=${keys} name="scopeLatch" />
      </button>
    </div>
  `;
}

/** The description of the targets. A draft belongs to the sets that were the targets when it was begun; it is sent on blur. */
export function Description({ state, rows = "1", dispatch }) {
  const ranges = targets(state);
  const value = commonValue(state.watched.labels, "description", ranges);
  // A sent draft is shown at its own sets only, until it comes back as a label; an unsent one wherever the user goes.
  const draft = state.draft?.sent && String(ranges) !== String(state.draft.ranges) ? null : state.draft;
  const isUnsent = draft !== null && !draft.sent;
  return html`
    <label class="description" data-unsaved=${isUnsent ? "" : undefined}>
      <span class="off-screen">Description</span>
      <${KeyHint} keys=${state.keys} name="description" />
      <textarea
        id="description"
        class="input"
        rows=${rows}
        placeholder=${value === null ? "Different descriptions" : "Description"}
        value=${draft?.text ?? value ?? ""}
        onInput=${(event) => dispatch({ type: "editDraft", text: event.currentTarget.value })}
        onBlur=${() => dispatch({ type: "describe" })}
        onKeyDown=${(event) => {
          if (event.key === "Enter" && !event.shiftKey && !isComposing(event)) {
            event.preventDefault();
            event.currentTarget.blur();
          }
        }}
      ></textarea>
      ${isUnsent && state.following && html`<span class="quiet">For ${setsInWords(draft.ranges)}</span>`}
    </label>
  `;
}

/** `set 1,200` or `12 sets`. @param {import("../state/ranges.js").Ranges} ranges */
export function setsInWords(ranges) {
  const many = countOf(ranges);
  return many === 1 ? `set ${formatNumber(ranges[0][0])}` : countedSets(many);
}

/** The result of the last label command, or how far those are that are not confirmed yet. */
export function CommandStatus({ state, dispatch, children }) {
  const { outbox } = state;
  const isLate = useDelayed(outbox.waiting > 0, 400);
  const isConnected = state.page.status === "connected" && state.daemon.status === "up";
  const isCounting = isLate && isConnected && outbox.of > 1;
  return html`
    <div class="command-status">
      ${state.refusal
        ? html`<p class="warning" role="alert">${state.refusal}</p>`
        : html`<p class="quiet" role="status">${isLate ? waitingInWords(outbox, isConnected) : state.notice}</p>`}
      ${isCounting && html`<progress aria-label="Saved" max=${outbox.of} value=${outbox.done}></progress>`}
      ${isCounting &&
      html`<button class="button" disabled=${outbox.next.includes("undo")} onClick=${() => dispatch({ type: "undo", agreed: true })}>Undo when saved</button>`}
      ${children}
    </div>
  `;
}

/** True once `on` has been true for `delay` ms. */
function useDelayed(on, delay) {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    setPassed(false);
    if (!on) return undefined;
    const timer = setTimeout(() => setPassed(true), delay);
    return () => clearTimeout(timer);
  }, [on]);
  return on && passed;
}

/** Errors in files that labels depend on: label sets, game configs, the annotations of the current set. */
export function ConfigErrors({ state: { watched, selected } }) {
  const damaged = watched.damaged.find(([number]) => number === selected);
  const problems = [...(watched.labelOptions?.problems ?? []), ...(damaged ? [damaged[1]] : [])];
  return problems.map((problem) => html`<p key=${problem} class="warning" role="alert">${problem}</p>`);
}

/** The name under which labels are given: each user undoes their own. */
export function UserName({ state, dispatch }) {
  const [text, setText] = useState(null);
  const save = () => {
    const userName = text?.trim();
    if (userName) dispatch({ type: "userName", userName });
    setText(null);
  };
  return html`
    <label class="user-name">
      You
      <input
        class="input"
        maxlength="60"
        spellcheck="false"
        autocomplete="off"
        value=${text ?? state.userName}
        onInput=${(event) => setText(event.currentTarget.value)}
        onKeyDown=${(event) => event.key === "Enter" && !isComposing(event) && event.currentTarget.blur()}
        onBlur=${save}
      />
    </label>
  `;
}
