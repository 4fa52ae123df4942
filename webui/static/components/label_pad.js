/** The label pad: for a phone or tablet beside the player. The live picture small above, the current game's labels as large buttons. */
import { html, useEffect } from "../vendor/htm-preact/standalone.module.js";
import { FIELD_NAMES, FIELDS, labelsAt } from "../state/labels.js";
import { choose, listed } from "../state/palette.js";
import { chosenSession, situation } from "../state/selectors.js";
import { latchedOf } from "../state/wishes.js";
import { useShown } from "./hooks.js";
import { Icon } from "./icon.js";
import { Latched, Said, Scope } from "./label_panel.js";
import { Screen } from "./screen.js";

export function LabelPad({ state, frameSets, dispatch }) {
  const session = chosenSession(state);
  const shown = useShown(frameSets, state);
  const { tone, text, advice } = situation(state);
  useEffect(() => {
    document.title = `Label pad · ${session?.game_name ?? "gbatrace"}`;
    if (state.scope === "sets") dispatch({ type: "scope", scope: "latch" });
  }, [session?.game_name]);
  return html`
    <main class="pad-page">
      <header class="pad-head">
        <div class="pad-picture"><${Screen} shown=${shown} selected=${state.selected} /></div>
        <div class="pad-now">
          <h1 class="title">${session?.game_name || session?.session_id || "gbatrace"}</h1>
          <span class="chip" data-tone=${tone} role="status"><i class="dot"></i>${text}</span>
          ${advice && html`<p class="quiet">${advice}</p>`}
          ${!state.following && html`<button class="button follow" onClick=${() => dispatch({ type: "follow" })}>Follow live</button>`}
        </div>
      </header>
      ${state.watched !== null && html`<${Board} state=${state} session=${session} shown=${shown} dispatch=${dispatch} />`}
    </main>
  `;
}

function Board({ state, session, shown, dispatch }) {
  const field = FIELDS.includes(state.palette) ? state.palette : "context";
  const held = state.scope === "latch" ? (latchedOf(state)[field] ?? "") : state.selected === null ? "" : labelsAt(state.watched.labels, state.selected)[field];
  const type = () => {
    const value = prompt(`${FIELD_NAMES[field]}: a new value`)?.trim();
    if (value) give(value);
  };
  const give = (value) => {
    dispatch(choose(state, field, value));
    dispatch({ type: "palette", field });
  };
  return html`
    <${Latched} state=${state} session=${session} dispatch=${dispatch} />
    <${Scope} state=${state} session=${session} dispatch=${dispatch} />
    <div class="pad-tabs" role="tablist" aria-label="Label field">
      ${FIELDS.map(
        (name) => html`
          <button key=${name} class="tab" role="tab" aria-selected=${name === field} onClick=${() => name !== field && dispatch({ type: "palette", field: name })}>
            ${FIELD_NAMES[name]}
          </button>
        `,
      )}
    </div>
    <div class="pad-grid">
      ${listed(state, field, shown?.keys ?? "").map(
        (option) => html`
          <button
            key=${option.value}
            class="pad-key"
            data-value=${option.value}
            data-meant=${option.button ? "" : undefined}
            aria-pressed=${held === option.value}
            onClick=${() => give(held === option.value ? "" : option.value)}
          >
            ${option.label}
          </button>
        `,
      )}
      <button class="pad-key pad-new" onClick=${type}>New value</button>
    </div>
    <footer class="pad-foot">
      <button class="button" onClick=${() => dispatch({ type: "undo" })}><${Icon} name="undo" /> Undo</button>
      <button class="button" onClick=${() => dispatch({ type: "redo" })}><${Icon} name="redo" /> Do again</button>
      <${Said} state=${state} dispatch=${dispatch} />
    </footer>
  `;
}
