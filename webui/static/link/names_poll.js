/** Polling of the name book while a memory view is in sight: somebody else may give names too. */
import { loadNames } from "./memory_requests.js";
import { pollSession } from "./session_poll.js";

const POLL_MS = 5000;

/**
 * @param {ReturnType<import("../state/store.js").createStore>} store
 * @param {(state: object) => boolean} isShown
 */
export function pollNames(store, isShown) {
  pollSession(store, isShown, async (session) => {
    await loadNames(store, session).catch((error) => store.dispatch({ type: "namesProblem", session, message: error.message }));
    return POLL_MS;
  });
}
