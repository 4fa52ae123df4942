/** Root component of the page: header, sessions, frame view, side panel, film strip, dialogs. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { layoutOf } from "../state/layout.js";
import { chosenSession, connectionStatus, hasNoSessions } from "../state/selectors.js";
import { SetGrid, Tour } from "./deferred_views.js";
import { KeysDialog, QuestionDialog, StartDialog } from "./dialogs.js";
import { FilmStrip } from "./film_strip.js";
import { FrameView } from "./frame_view.js";
import { LabelSetDialog } from "./label_set_dialog.js";
import { NameDialog } from "./memory/name_dialog.js";
import { Header } from "./header.js";
import { shownMemory, useFrameSet, useWindow } from "./hooks.js";
import { SessionsRail } from "./sessions_rail.js";
import { SidePanel } from "./side_panel.js";
import { StartGuide } from "./start_guide.js";

export function App({ state, frameSets, clients, dispatch }) {
  const session = chosenSession(state);
  const frameSet = useFrameSet(frameSets, state);
  const memory = shownMemory(clients.memory, state, session);
  const { factor, frame, timeline } = layoutOf(useWindow());
  return html`
    <${Header} state=${state} dispatch=${dispatch} />
    ${hasNoSessions(state)
      ? html`<main class="start-page"><${StartGuide} link=${state.link} status=${connectionStatus(state)} /></main>`
      : html`
          <main
            class="workspace"
            inert=${state.overlay !== null}
            style=${{ "--factor": factor, "--frame": `${frame}px`, "--timeline": timeline === null ? "none" : `${timeline}px` }}
          >
            <${SessionsRail} isOpen=${state.rail} sessions=${state.sessions} chosen=${state.chosen} dispatch=${dispatch} />
            ${state.grid.isOpen
              ? html`<${SetGrid} state=${state} dispatch=${dispatch} />`
              : html`<${FrameView} state=${state} session=${session} frameSet=${frameSet} memory=${memory} dispatch=${dispatch} />`}
            <${SidePanel} state=${state} session=${session} frameSet=${frameSet} memory=${memory} clients=${clients} dispatch=${dispatch} />
            <${FilmStrip} state=${state} session=${session} memory=${memory} clients=${clients} dispatch=${dispatch} />
          </main>
        `}
    ${isTourShown(state) && html`<${Tour} state=${state} dispatch=${dispatch} />`}
    ${state.overlay === "keys" && html`<${KeysDialog} keys=${state.keys} dispatch=${dispatch} />`}
    ${state.overlay === "start" && html`<${StartDialog} link=${state.link} dispatch=${dispatch} />`}
    ${state.overlay === "question" && html`<${QuestionDialog} question=${state.question} dispatch=${dispatch} />`}
    ${state.overlay === "labelSet" && html`<${LabelSetDialog} state=${state} dispatch=${dispatch} />`}
    ${state.overlay === "name" && state.naming.form && html`<${NameDialog} form=${state.naming.form} regions=${session?.regions ?? []} dispatch=${dispatch} />`}
    ${state.problem &&
    html`<div class="problem" role="alert">
      <span>${state.problem}</span>
      <button class="button" onClick=${() => dispatch({ type: "problem", message: "" })}>Close</button>
    </div>`}
  `;
}

/** True where there is something to show the way through. */
const isTourShown = ({ tour, watched, selected, overlay, grid }) => tour !== null && watched !== null && selected !== null && overlay === null && !grid.isOpen;
