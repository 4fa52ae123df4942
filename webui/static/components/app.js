/** Root component of the page: header and picture, with all that is around the picture as soon as it is here. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { layoutOf } from "../state/layout.js";
import { chosenSession, connectionStatus, hasNoSessions } from "../state/selectors.js";
import { Header } from "./header.js";
import { shownMemory, useFrameSet, useWindow } from "./hooks.js";
import { Screen } from "./screen.js";
import { StartGuide } from "./start_guide.js";

/** Notice that what is around the picture could not be fetched. */
export const LateNotice = ({ state }) =>
  state.workspace === "late" &&
  html`<div class="problem" role="alert">
    <span>The rest of this page could not be fetched. It is asked for again every two seconds.</span>
    <button class="button" onClick=${() => location.reload()}>Load the page again</button>
  </div>`;

/**
 * @param {{workspace: object | null, onDrawn: () => void}} props `workspace`: the result of `startWorkspace`, null before; `onDrawn`:
 *   called after each picture
 */
export function App({ state, frameSets, workspace, dispatch, onDrawn }) {
  const session = chosenSession(state);
  const frameSet = useFrameSet(frameSets, state);
  const { factor, frame, timeline } = layoutOf(useWindow());
  const { parts = null, clients } = workspace ?? {};
  const memory = clients && shownMemory(clients.memory, state, session);
  const shared = { state, session, frameSet, memory, clients, dispatch };
  return html`
    <${Header} state=${state} dispatch=${dispatch} />
    ${hasNoSessions(state)
      ? html`<main class="start-page"><${StartGuide} link=${state.link} status=${connectionStatus(state)} /></main>`
      : html`
          <main
            class="workspace"
            inert=${parts !== null && state.overlay !== null}
            style=${{ "--factor": factor, "--frame": `${frame}px`, "--timeline": timeline === null ? "none" : `${timeline}px` }}
          >
            ${parts && html`<${parts.SessionsRail} isOpen=${state.rail} sessions=${state.sessions} chosen=${state.chosen} dispatch=${dispatch} />`}
            ${parts && state.grid.isOpen
              ? html`<${parts.SetGrid} state=${state} dispatch=${dispatch} />`
              : html`
                  <section class="frame-view" aria-label="Current frame set">
                    <${Screen} frameSet=${frameSet} state=${state} onDrawn=${onDrawn} />
                    ${parts && html`<${parts.Transport} ...${shared} />`} ${parts && html`<${parts.MemoryStrip} ...${shared} />`}
                  </section>
                `}
            ${parts ? html`<${parts.SidePanel} ...${shared} />` : html`<div class="side-panel"></div>`}
            ${parts && html`<${parts.FilmStrip} ...${shared} />`}
          </main>
        `}
    ${parts && html`<${parts.Overlays} ...${shared} />`}
    <${LateNotice} state=${state} />
    ${state.problem &&
    state.workspace !== "late" &&
    html`<div class="problem" role="alert">
      <span>${state.problem}</span>
      <button class="button" onClick=${() => dispatch({ type: "problem", message: "" })}>Close</button>
    </div>`}
  `;
}
