/**
 * Fetching of a search's answer while the search is in sight.
 *
 * Another filter is asked for at once, and what was under way is given up. The values of the candidates follow the current set: one
 * request after the other, and no more than a few in a second.
 */
import { requestOf } from "../state/memory/search_state.js";
import { fetchJson, memoryUrl } from "./memory_client.js";

/** Least interval in ms of requests that only follow the current set. */
const FOLLOWING_MS = 400;
/** Interval in ms in which a session that is read for the first time is asked for again. */
const RETRY_MS = 500;

/**
 * @param {ReturnType<import("../state/store.js").createStore>} store
 * @param {(state: object) => boolean} isShown
 */
export function pollSearch(store, isShown) {
  let asked = { session: null, request: "", at: null };
  let abort = null;
  let timer = 0;
  let askedAt = 0;

  const wanted = () => {
    const state = store.get();
    const request = isShown(state) ? requestOf(state) : null;
    return { session: state.chosen, request: request === null ? "" : JSON.stringify(request), at: state.selected };
  };

  async function ask() {
    clearTimeout(timer);
    timer = 0;
    abort?.abort();
    const now = (asked = wanted());
    if (now.request === "") return;
    askedAt = performance.now();
    const own = (abort = new AbortController());
    const body = JSON.stringify({ ...JSON.parse(now.request), at: String(now.at) });
    try {
      const options = { method: "POST", headers: { "Content-Type": "application/json" }, body, signal: own.signal };
      const answer = await fetchJson(`${memoryUrl(now.session)}/search`, options);
      store.dispatch({ type: "searchAnswer", session: now.session, answered: now.request, answer });
    } catch (error) {
      if (own.signal.aborted) return;
      store.dispatch({ type: "searchProblem", session: now.session, answered: error.isBusy ? "" : now.request, message: error.message });
      if (error.isBusy) timer = setTimeout(ask, RETRY_MS);
    } finally {
      if (abort === own) abort = null;
    }
    follow();
  }

  /** Ask for what is wanted now, where it is not what was asked for last. */
  function follow() {
    const next = wanted();
    if (next.session !== asked.session || next.request !== asked.request) ask();
    else if (next.request !== "" && next.at !== asked.at && abort === null && timer === 0) {
      timer = setTimeout(ask, Math.max(0, askedAt + FOLLOWING_MS - performance.now()));
    }
  }

  store.subscribe(follow);
}
