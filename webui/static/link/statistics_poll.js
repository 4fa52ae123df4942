/** Polling of a session's statistics while their panel is open, faster until all is counted. */
import { pollSession } from "./session_poll.js";

const COUNTING_MS = 200;
const COUNTED_MS = 4000;

/** @param {ReturnType<import("../state/store.js").createStore>} store */
export function pollStatistics(store) {
  pollSession(
    store,
    (state) => state.panel === "statistics",
    async (session, isWanted) => {
      // A lost page server is reported by the socket.
      const response = await fetch(`/api/sessions/${encodeURIComponent(session)}/statistics`).catch(() => null);
      const answer = response && (await response.json().catch(() => null));
      if (isWanted() && response?.ok && answer) store.dispatch({ type: "statistics", session, statistics: answer });
      else if (isWanted() && answer?.error) store.dispatch({ type: "problem", message: answer.error });
      return answer?.left > 0 ? COUNTING_MS : COUNTED_MS;
    },
  );
}
