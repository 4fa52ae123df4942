/** Fetching of the chosen address's changes while their table is in sight; of a session that goes on, every few seconds. */
import { hex } from "../state/changes.js";
import { historyKey, historyOf, PAGE } from "../state/memory/address_history.js";
import { chosenSession } from "../state/selectors.js";
import { fetchJson, memoryUrl } from "./memory_client.js";

const LIVE_MS = 2000;

/**
 * @param {ReturnType<import("../state/store.js").createStore>} store
 * @param {(state: object) => boolean} isShown
 */
export function pollHistory(store, isShown) {
  let asked = { key: null, page: 0 };
  let timer = 0;

  const wanted = () => {
    const state = store.get();
    return { key: isShown(state) ? historyKey(state) : null, page: historyOf(state).wanted };
  };

  async function ask({ key, page }) {
    const { chosen, memory } = store.get();
    const query = new URLSearchParams({ address: hex(memory.address), type: memory.type, cursor: page * PAGE, limit: PAGE });
    try {
      store.dispatch({ type: "history", key, page, ...(await fetchJson(`${memoryUrl(chosen)}/changes?${query}`)) });
    } catch (error) {
      store.dispatch({ type: "historyProblem", key, message: error.message });
    }
    const isSame = asked.key === key && asked.page === page;
    if (isSame && chosenSession(store.get())?.state === "live") timer = setTimeout(() => asked.key === key && ask(asked), LIVE_MS);
  }

  store.subscribe(() => {
    const next = wanted();
    if (next.key === asked.key && next.page === asked.page) return;
    clearTimeout(timer);
    asked = next;
    if (next.key !== null) ask(next);
  });
}
