/** Polling of a session's statistics while their panel is open, faster until all is counted. */
const COUNTING_MS = 200;
const COUNTED_MS = 4000;

/** @param {ReturnType<import("../state/store.js").createStore>} store */
export function pollStatistics(store) {
  let polled = null;
  let timer = 0;

  const wanted = () => (store.get().panel === "statistics" ? store.get().chosen : null);

  async function poll(session) {
    // A lost page server is reported by the socket.
    const response = await fetch(`/api/sessions/${encodeURIComponent(session)}/statistics`).catch(() => null);
    const answer = response && (await response.json().catch(() => null));
    if (session !== polled) return;
    if (response?.ok && answer) store.dispatch({ type: "statistics", session, statistics: answer });
    else if (answer?.error) store.dispatch({ type: "problem", message: answer.error });
    timer = setTimeout(() => wanted() === session && poll(session), answer?.left > 0 ? COUNTING_MS : COUNTED_MS);
  }

  store.subscribe(() => {
    const session = wanted();
    if (session === polled) return;
    clearTimeout(timer);
    polled = session;
    if (session !== null) poll(session);
  });
}
