/** The whole page: header, sessions, stage, changes, strip; overlays above. */
import { html, useEffect, useRef } from "../vendor/htm-preact/standalone.module.js";
import { chosenSession, isAlone, situation } from "../state/selectors.js";
import { ChangesTable } from "./changes_table.js";
import { FilmStrip } from "./film_strip.js";
import { Header } from "./header.js";
import { KeysOverlay } from "./keys_overlay.js";
import { SessionsRail } from "./sessions_rail.js";
import { Stage } from "./stage.js";
import { StartDialog, StartGuide } from "./start.js";
import { useStore } from "./hooks.js";

export function App({ store, frameSets }) {
  const state = useStore(store);
  const session = chosenSession(state);
  const shown = useShown(frameSets, state);
  const { dispatch } = store;
  return html`
    <${Header} state=${state} dispatch=${dispatch} />
    ${isAlone(state)
      ? html`<main class="lobby"><${StartGuide} link=${state.link} situation=${situation(state)} /></main>`
      : html`
          <main class="workspace" data-rail=${state.rail ? "flipped" : undefined}>
            <${SessionsRail} sessions=${state.sessions} chosen=${state.chosen} dispatch=${dispatch} />
            <${Stage} state=${state} session=${session} shown=${shown} dispatch=${dispatch} />
            <${ChangesTable} shown=${shown} table=${state.table} dispatch=${dispatch} />
            <${FilmStrip} state=${state} session=${session} dispatch=${dispatch} />
          </main>
        `}
    ${state.overlay === "keys" && html`<${KeysOverlay} dispatch=${dispatch} />`}
    ${state.overlay === "start" && html`<${StartDialog} link=${state.link} dispatch=${dispatch} />`}
    ${state.problem &&
    html`<div class="problem" role="alert">
      <span>${state.problem}</span>
      <button class="button" onClick=${() => dispatch({ type: "problem", message: "" })}>Close</button>
    </div>`}
  `;
}

/** The selected frame set, or the one shown before it until it has come: a picture never blinks. */
function useShown(frameSets, state) {
  const last = useRef({ session: null, frameSet: undefined });
  const frameSet = state.selected === null ? undefined : frameSets.get(state.chosen, state.selected);
  const shown = frameSet ?? (last.current.session === state.chosen ? last.current.frameSet : undefined);
  useEffect(() => {
    last.current = { session: state.chosen, frameSet: shown };
  });
  return shown;
}
