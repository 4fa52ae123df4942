/**
 * The label pad: for a phone or tablet beside the player. The live picture small above, the current game's labels as large
 * buttons, and what is touched most often below, where the thumb of one hand gets to.
 */
import { html, useEffect, useState } from "../vendor/htm-preact/standalone.module.js";
import { count } from "../state/format.js";
import { commonValue, FIELD_NAMES, FIELDS } from "../state/labels.js";
import { chosenSession, situation } from "../state/selectors.js";
import { latchedOf, targets } from "../state/label_commands.js";
import { Description } from "./description.js";
import { useShown } from "./hooks.js";
import { Icon } from "./icons.js";
import { Latched } from "./label_controls.js";
import { PadKeys } from "./pad_keys.js";
import { Said } from "./said.js";
import { Scope } from "./scope.js";
import { Screen } from "./screen.js";
import { Troubles } from "./troubles.js";
import { Who } from "./who.js";

const TABS = [...FIELDS, "tags", "description"];

export function LabelPad({ state, frameSets, dispatch }) {
  const session = chosenSession(state);
  const shown = useShown(frameSets, state);
  const [tab, setTab] = useState("context");
  useEffect(() => {
    document.title = `Label pad · ${session?.game_name ?? "gbatrace"}`;
    if (state.scope === "sets") dispatch({ type: "scope", scope: "latch" });
  }, [session?.game_name]);
  return html`
    <main class="pad-page">
      <${Head} state=${state} session=${session} shown=${shown} dispatch=${dispatch} />
      ${state.watched !== null &&
      html`
        <${Latched} state=${state} session=${session} dispatch=${dispatch} />
        <div class="pad-field">
          <${Tabs} state=${state} tab=${tab} choose=${setTab} />
          <div class="pad-board" role="tabpanel" aria-label=${FIELD_NAMES[tab]}>
            <${Troubles} state=${state} />
            ${tab === "description"
              ? html`<${Note} state=${state} dispatch=${dispatch} />`
              : html`<${PadKeys} key=${tab} state=${state} field=${tab} shown=${shown} dispatch=${dispatch} />`}
          </div>
        </div>
        <${Scope} state=${state} session=${session} dispatch=${dispatch} />
        <${Actions} state=${state} dispatch=${dispatch} />
        <${Said} state=${state} />
      `}
      ${state.problem && html`<p class="trouble pad-problem" role="alert">${state.problem}</p>`}
    </main>
  `;
}

function Head({ state, session, shown, dispatch }) {
  const { tone, text, advice } = situation(state);
  return html`
    <header class="pad-head">
      <div class="pad-picture"><${Screen} shown=${shown} selected=${state.selected} /></div>
      <div class="pad-now">
        <h1 class="title">${session?.game_name || session?.session_id || "gbatrace"}</h1>
        <span class="chip" data-tone=${tone} role="status"><i class="dot"></i>${text}</span>
        ${advice && html`<p class="quiet">${advice}</p>`}
        ${state.selected !== null && html`<output class="quiet" aria-live="off">Set ${count(state.selected)}</output>`}
        ${!state.following && html`<button class="button follow" onClick=${() => dispatch({ type: "follow" })}>Follow live</button>`}
      </div>
    </header>
  `;
}

function Tabs({ state, tab, choose }) {
  const latched = latchedOf(state);
  return html`
    <div class="pad-tabs" role="tablist" aria-label="Label field">
      ${TABS.map(
        (name) => html`
          <button key=${name} class="tab" role="tab" aria-selected=${name === tab} data-flows=${latched[name] ? "" : undefined} onClick=${() => choose(name)}>
            ${name === "description" ? "Note" : FIELD_NAMES[name]}
            ${latched[name] && html`<span class="off-screen">, flows onto every new set</span>`}
          </button>
        `,
      )}
    </div>
  `;
}

function Note({ state, dispatch }) {
  return html`
    <div class="pad-note">
      <${Description} state=${state} rows="5" dispatch=${dispatch} />
      <button class="button" disabled=${state.writing === null}>Save the note</button>
      <${Who} state=${state} dispatch=${dispatch} />
    </div>
  `;
}

function Actions({ state, dispatch }) {
  const complete = commonValue(state.watched.labels, "complete", targets(state)) === true;
  return html`
    <div class="pad-actions">
      <button class="button" onClick=${() => dispatch({ type: "undo" })}><${Icon} name="undo" /> Undo</button>
      <button class="button" onClick=${() => dispatch({ type: "redo" })}><${Icon} name="redo" /> Again</button>
      <button class="button complete" role="checkbox" aria-checked=${complete} onClick=${() => dispatch({ type: "toggleComplete" })}>
        <${Icon} name=${complete ? "done" : "open"} /> Complete
      </button>
    </div>
  `;
}
