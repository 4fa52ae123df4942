/**
 * Fetching of a search's answer while the search is in sight: at once for another filter, giving up what was under way; of a session
 * that goes on, every few seconds. The searches saved with the session are fetched when it is opened.
 */
import { requestOf } from "../state/memory/search_state.js";
import { chosenSession } from "../state/selectors.js";
import { fetchJson, memoryUrl } from "./memory_client.js";
import { loadSearches } from "./memory_requests.js";

const LIVE_MS = 2000;

/**
 * @param {ReturnType<import("../state/store.js").createStore>} store
 * @param {(state: object) => boolean} isShown
 */
export function pollSearch(store, isShown) {
  let asked = { session: null, request: null };
  let abort = new AbortController();
  let timer = 0;
  let loaded = null;

  const wanted = () => {
    const state = store.get();
    return { session: state.chosen, request: isShown(state) ? requestOf(state) : null };
  };

  async function ask({ session, request }) {
    const { signal } = (abort = new AbortController());
    const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: request, signal };
    try {
      store.dispatch({ type: "searchAnswer", session, answered: request, answer: await fetchJson(`${memoryUrl(session)}/search`, options) });
    } catch (error) {
      if (!signal.aborted) store.dispatch({ type: "searchProblem", session, answered: request, message: error.message });
    }
    if (!signal.aborted && chosenSession(store.get())?.state === "live") timer = setTimeout(() => !signal.aborted && ask(asked), LIVE_MS);
  }

  function loadSaved() {
    const state = store.get();
    if (state.chosen === loaded || state.chosen === null || !isShown(state)) return;
    loaded = state.chosen;
    loadSearches(store, state.chosen).catch((error) => store.dispatch({ type: "problem", message: error.message }));
  }

  store.subscribe(() => {
    loadSaved();
    const next = wanted();
    if (next.session === asked.session && next.request === asked.request) return;
    asked = next;
    clearTimeout(timer);
    abort.abort();
    if (next.request !== null) ask(next);
  });
}
