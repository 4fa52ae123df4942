/**
 * Fetching of the answer to a request that a person builds, while its view is in sight: at once for another request, giving up what
 * was under way; of a session that goes on, every few seconds.
 */
import { chosenSession } from "../state/selectors.js";
import { fetchJson, memoryUrl } from "./memory_client.js";

const LIVE_MS = 2000;

/**
 * @param {ReturnType<import("../state/store.js").createStore>} store
 * @param {{
 *   isShown: (state: object) => boolean, requestOf: (state: object) => string | null, path: string, answer: string, problem: string,
 *   load: (session: string) => Promise<void>,
 * }} poll `requestOf`: as JSON, null where nothing is asked; `path`: of the memory route; `answer`, `problem`: types of the actions
 *   that bring the answer or why there is none; `load`: fetches what is kept with a session, whenever the view is opened
 */
export function pollAnswer(store, { isShown, requestOf, path, answer, problem, load }) {
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
      store.dispatch({ type: answer, session, answered: request, answer: await fetchJson(`${memoryUrl(session)}/${path}`, options) });
    } catch (error) {
      if (!signal.aborted) store.dispatch({ type: problem, session, answered: request, message: error.message });
    }
    if (!signal.aborted && chosenSession(store.get())?.state === "live") timer = setTimeout(() => !signal.aborted && ask(asked), LIVE_MS);
  }

  function loadKept() {
    const state = store.get();
    const shown = isShown(state) ? state.chosen : null;
    if (shown === loaded) return;
    loaded = shown;
    if (shown !== null) load(shown).catch((error) => store.dispatch({ type: "problem", message: error.message }));
  }

  store.subscribe(() => {
    loadKept();
    const next = wanted();
    if (next.session === asked.session && next.request === asked.request) return;
    asked = next;
    clearTimeout(timer);
    abort.abort();
    if (next.request !== null) ask(next);
  });
}
