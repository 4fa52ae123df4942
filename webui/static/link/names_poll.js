/** Polling of the name book while a memory view is in sight: somebody else may give names too. */
import { loadNames } from "./memory_requests.js";

const POLL_MS = 5000;

/**
 * @param {ReturnType<import("../state/store.js").createStore>} store
 * @param {(state: object) => boolean} isShown
 */
export function pollNames(store, isShown) {
  let polled = null;
  let timer = 0;

  const wanted = () => (isShown(store.get()) ? store.get().chosen : null);

  async function poll(session) {
    await loadNames(store, session).catch((error) => store.dispatch({ type: "namesProblem", session, message: error.message }));
    if (session === polled) timer = setTimeout(() => poll(session), POLL_MS);
  }

  store.subscribe(() => {
    const session = wanted();
    if (session === polled) return;
    clearTimeout(timer);
    polled = session;
    if (session !== null) poll(session);
  });
}
