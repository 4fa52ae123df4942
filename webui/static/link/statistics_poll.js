/**
 * Fetches a session's statistics while they are looked at: again soon while sets have still to be counted, else now and then. That
 * the page server is lost is told elsewhere.
 */
const SOON = 200;
const NOW_AND_THEN = 4000;

/** @param {ReturnType<import("../state/store.js").createStore>} store */
export function followStatistics(store) {
  let asking = null;
  let timer = 0;

  const wanted = () => (store.get().panel === "statistics" ? store.get().chosen : null);

  async function ask(session) {
    asking = session;
    const answer = await fetch(`/api/sessions/${encodeURIComponent(session)}/statistics`).catch(() => null);
    const told = answer && (await answer.json().catch(() => null));
    if (session !== asking) return;
    if (answer?.ok && told) store.dispatch({ type: "statistics", session, statistics: told });
    else if (told?.error) store.dispatch({ type: "problem", message: told.error });
    timer = setTimeout(() => wanted() === session && ask(session), told?.left > 0 ? SOON : NOW_AND_THEN);
  }

  store.subscribe(() => {
    const session = wanted();
    if (session === asking) return;
    clearTimeout(timer);
    asking = session;
    if (session !== null) ask(session);
  });
}
