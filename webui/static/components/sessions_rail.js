/** List of all sessions, newest first, in a drawer. */
import { html, useLayoutEffect, useRef } from "../vendor/htm-preact/standalone.module.js";
import { clock, countedSets, day, formatNumber, playTime } from "../state/format.js";
import { namesOf } from "../state/selectors.js";

const STATES = { live: "recording", lost: "link lost", ended: "ended" };

export function SessionsRail({ isOpen, sessions, chosen, dispatch }) {
  const rail = useRef(null);
  useLayoutEffect(() => {
    if (!isOpen) return undefined;
    const before = document.activeElement;
    const shown = rail.current;
    (shown.querySelector(".session[aria-current]") ?? shown.querySelector(".session"))?.focus();
    return () => shown.contains(document.activeElement) && before.focus();
  }, [isOpen]);
  return html`
    <nav class="rail" aria-label="Sessions" ref=${rail} inert=${!isOpen} data-open=${isOpen ? "" : undefined}>
      <h2 class="caption">Sessions</h2>
      ${sessions.length === 0 && html`<p class="quiet">None yet. The first one opens by itself when a game runs.</p>`}
      <ul>
        ${sessions.map((session) => {
          const [name, other] = namesOf(session);
          return html`
            <li key=${session.session_id}>
              <button
                class="session"
                data-session=${session.session_id}
                aria-current=${session.session_id === chosen ? "true" : undefined}
                title=${session.session_id}
                onClick=${() => dispatch({ type: "choose", session: session.session_id })}
              >
                <span class="session-name">
                  <i class="dot" data-tone=${session.state === "ended" ? "done" : session.state}></i>
                  <span class="ellipsis">${name}</span>
                  <span class="off-screen">, ${STATES[session.state]}</span>
                </span>
                ${other && html`<span class="session-facts ellipsis">${other}</span>`}
                ${session.parent && html`<span class="session-facts session-parent">Branch at set ${formatNumber(session.parent.frame_set)} of ${session.parent.session}</span>`}
                <span class="session-facts">
                  ${day(session.created)} ${clock(session.created)} · ${playTime(session.frame_sets * session.frames_per_set)} · ${countedSets(session.frame_sets)}
                  ${session.flawed_sets > 0 && html` · <span class="flawed">${formatNumber(session.flawed_sets)} flawed</span>`}
                  ${session.lost_sets > 0 && html` · <span class="warning">${formatNumber(session.lost_sets)} lost</span>`}
                </span>
              </button>
            </li>
          `;
        })}
      </ul>
    </nav>
    ${isOpen && html`<div class="rail-shade" onClick=${() => dispatch({ type: "rail" })}></div>`}
  `;
}
