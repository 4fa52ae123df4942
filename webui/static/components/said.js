/** What came of the last label, and what has not been confirmed yet. */
import { html, useEffect, useState } from "../vendor/htm-preact/standalone.module.js";

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
