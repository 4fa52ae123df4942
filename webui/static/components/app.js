/** The whole page: header, sessions, stage, changes, strip; overlays above. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { chosenSession, isAlone, situation } from "../state/selectors.js";
import { FilmStrip } from "./film_strip.js";
import { Header } from "./header.js";
import { KeysOverlay } from "./keys_dialog.js";
import { SessionsRail } from "./sessions_rail.js";
import { Side } from "./side_panel.js";
import { Stage } from "./frame_view.js";
import { StartDialog, StartGuide } from "./start_guide.js";
import { useShown } from "./hooks.js";

export function App({ state, frameSets, dispatch }) {
  const session = chosenSession(state);
  const shown = useShown(frameSets, state);
  return html`
    <${Header} state=${state} dispatch=${dispatch} />
    ${isAlone(state)
      ? html`<main class="lobby"><${StartGuide} link=${state.link} situation=${situation(state)} /></main>`
      : html`
          <main class="workspace" inert=${state.overlay !== null} data-rail=${state.rail ? "flipped" : undefined}>
            <${SessionsRail} sessions=${state.sessions} chosen=${state.chosen} dispatch=${dispatch} />
            <${Stage} state=${state} session=${session} shown=${shown} dispatch=${dispatch} />
            <${Side} state=${state} session=${session} shown=${shown} dispatch=${dispatch} />
            <${FilmStrip} state=${state} session=${session} dispatch=${dispatch} />
          </main>
        `}
    ${state.overlay === "keys" && html`<${KeysOverlay} keys=${state.keys} dispatch=${dispatch} />`}
    ${state.overlay === "start" && html`<${StartDialog} link=${state.link} dispatch=${dispatch} />`}
    ${state.problem &&
    html`<div class="problem" role="alert">
      <span>${state.problem}</span>
      <button class="button" onClick=${() => dispatch({ type: "problem", message: "" })}>Close</button>
    </div>`}
  `;
}
