/**
 * Label pad: the page for a phone or tablet next to the player.
 *
 * The screenshot is small at the top, options are large buttons, and the most frequent actions are at the bottom, within reach of a
 * thumb.
 */
import { html, useEffect, useRef, useState } from "../vendor/htm-preact/standalone.module.js";
import { formatNumber } from "../state/format.js";
import { commonValue, FIELD_NAMES, FIELDS, lengthError } from "../state/labels.js";
import { choose, clearField, listedOptions, matchingRows } from "../state/option_list.js";
import { targets } from "../state/selection.js";
import { chosenSession, connectionStatus, latchedOf } from "../state/selectors.js";
import { QuestionDialog } from "./dialogs.js";
import { useFrameSet } from "./hooks.js";
import { Icon } from "./icons.js";
import { CommandStatus, ConfigErrors, Description, LatchBar, ScopePicker, UserName } from "./label_controls.js";
import { onRovingKey, rovingItem } from "./roving.js";
import { Screen } from "./screen.js";

const TABS = [...FIELDS, "tags", "description"];

export function LabelPad({ state, frameSets, dispatch }) {
  const session = chosenSession(state);
  const frameSet = useFrameSet(frameSets, state);
  const [tab, setTab] = useState("context");
  useEffect(() => {
    document.title = `Label pad · ${session?.game_name ?? "gbatrace"}`;
    if (state.scope === "sets") dispatch({ type: "scope", scope: "latch" });
  }, [session?.game_name]);
  return html`
    <main class="pad-page">
      <${Head} state=${state} session=${session} frameSet=${frameSet} dispatch=${dispatch} />
      ${state.watched !== null &&
      html`
        <${LatchBar} state=${state} session=${session} dispatch=${dispatch} />
        <div class="pad-field">
          <${Tabs} state=${state} tab=${tab} choose=${setTab} />
          <div class="pad-board" role="tabpanel" aria-label=${FIELD_NAMES[tab]}>
            <${ConfigErrors} state=${state} />
            ${tab === "description"
              ? html`<${DescriptionTab} state=${state} dispatch=${dispatch} />`
              : html`<${Options} key=${tab} state=${state} field=${tab} frameSet=${frameSet} dispatch=${dispatch} />`}
          </div>
        </div>
        <${ScopePicker} state=${state} session=${session} dispatch=${dispatch} />
        <${Actions} state=${state} dispatch=${dispatch} />
        <${CommandStatus} state=${state} dispatch=${dispatch} />
      `}
      ${state.overlay === "question" && html`<${QuestionDialog} question=${state.question} dispatch=${dispatch} />`}
      ${state.problem && html`<p class="warning pad-problem" role="alert">${state.problem}</p>`}
    </main>
  `;
}

function Head({ state, session, frameSet, dispatch }) {
  const { tone, text, advice } = connectionStatus(state);
  return html`
    <header class="pad-head">
      <div class="pad-screenshot"><${Screen} frameSet=${frameSet} state=${state} /></div>
      <div class="pad-now">
        <h1 class="title ellipsis">${session?.game_name || session?.session_id || "gbatrace"}</h1>
        <span class="chip" data-tone=${tone} role="status"><i class="dot"></i>${text}</span>
        ${advice && html`<p class="quiet">${advice}</p>`}
        ${state.selected !== null && html`<output class="quiet" aria-live="off">Set ${formatNumber(state.selected)}</output>`}
        ${!state.following && html`<button class="button follow" onClick=${() => dispatch({ type: "follow" })}>Follow live</button>`}
      </div>
    </header>
  `;
}

function Tabs({ state, tab, choose }) {
  const latched = latchedOf(state);
  return html`
    <div class="pad-tabs" role="tablist" aria-label="Label field" onKeyDown=${onRovingKey}>
      ${TABS.map(
        (name) => html`
          <button key=${name} class="tab" role="tab" aria-selected=${name === tab} ...${rovingItem(name === tab)} data-latched=${latched[name] ? "" : undefined} onClick=${() => choose(name)}>
            ${FIELD_NAMES[name] ?? "Description"}
            ${latched[name] && html`<span class="off-screen">, latched</span>`}
          </button>
        `,
      )}
    </div>
  `;
}

/**
 * The options of a field as large buttons, and an input that finds one, or creates one. They stay in their places while the tab is
 * open, for a finger that comes back.
 */
function Options({ state, field, frameSet, dispatch }) {
  const [text, setText] = useState("");
  const places = useRef(new Map());
  const latched = [latchedOf(state)[field] ?? []].flat();
  const current = state.scope === "latch" ? latched : [commonValue(state.watched.labels, field, targets(state)) ?? []].flat();
  const options = listedOptions(state, field, frameSet?.keys ?? "");
  for (const { value } of options) if (!places.current.has(value)) places.current.set(value, places.current.size);
  const placeOf = ({ value, button }) => (button ? -1 : places.current.get(value));
  const rows = matchingRows([...options].sort((one, other) => placeOf(one) - placeOf(other)), text);
  const apply = (value) => {
    dispatch(field !== "tags" && current.includes(value) ? clearField(field) : choose(state, field, value));
    if (!lengthError([[field, value]])) setText("");
  };
  const submit = (event) => {
    event.preventDefault();
    if (text.trim() === "") return;
    apply(rows[0].value);
    document.activeElement.blur();
  };
  return html`
    <form class="pad-options" onSubmit=${submit}>
      <input
        class="input pad-find"
        type="search"
        aria-label="Find a value, or create one"
        placeholder="Find, or create"
        autocomplete="off"
        enterkeyhint="done"
        value=${text}
        onInput=${(event) => setText(event.currentTarget.value)}
      />
      <div class="pad-grid">
        ${rows.map(
          (row) => html`
            <button
              key=${row.isNew ? "\n" : row.value}
              type="button"
              class="pad-option"
              data-value=${row.value}
              data-new=${row.isNew ? "" : undefined}
              data-suggested=${row.button ? "" : undefined}
              aria-pressed=${current.includes(row.value)}
              onClick=${() => apply(row.value)}
            >
              ${latched.includes(row.value) && html`<${Icon} name="latch" /><span class="off-screen">Latched: </span>`}${row.label}
            </button>
          `,
        )}
      </div>
    </form>
  `;
}

function DescriptionTab({ state, dispatch }) {
  return html`
    <div class="pad-description">
      <${Description} state=${state} rows="5" dispatch=${dispatch} />
      <button class="button" disabled=${state.draft === null}>Save the description</button>
      <${UserName} state=${state} dispatch=${dispatch} />
    </div>
  `;
}

function Actions({ state, dispatch }) {
  const complete = commonValue(state.watched.labels, "complete", targets(state)) === true;
  return html`
    <div class="pad-actions">
      <button class="button" onClick=${() => dispatch({ type: "undo" })}><${Icon} name="undo" /> Undo</button>
      <button class="button" onClick=${() => dispatch({ type: "redo" })}><${Icon} name="redo" /> Redo</button>
      <button class="button complete" role="checkbox" aria-checked=${complete} onClick=${() => dispatch({ type: "toggleComplete" })}>
        <${Icon} name=${complete ? "checked" : "unchecked"} /> Complete
      </button>
    </div>
  `;
}
