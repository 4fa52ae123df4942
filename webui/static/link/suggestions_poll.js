/** Fetching of suggested labels while a field is chosen for them: again after the labels have changed, and while the game is played. */
import { chosenSession } from "../state/selectors.js";
import { fetchJson } from "./memory_client.js";

/** Pause in ms after a change of labels: of a row of labels only the last one asks. */
const SETTLED_MS = 400;
const LIVE_MS = 3000;

/** Pause in ms after a question that failed, as where the daemon is busy with others. */
const FAILED_MS = 5000;

/** @param {ReturnType<import("../state/store.js").createStore>} store */
export function pollSuggestions(store) {
  let asked = {};
  let timer = 0;

  const wanted = () => {
    const { chosen: session, suggested, watched } = store.get();
    return { session, field: suggested.field, labels: suggested.field === "" ? undefined : watched?.labels[suggested.field] };
  };

  async function ask(question) {
    const { session, field } = question;
    let pause = LIVE_MS;
    try {
      const query = new URLSearchParams({ field });
      store.dispatch({ type: "suggestions", session, ...(await fetchJson(`/api/sessions/${encodeURIComponent(session)}/suggestions?${query}`)) });
    } catch (error) {
      store.dispatch({ type: "suggestionsProblem", session, field, message: error.message });
      pause = FAILED_MS;
    }
    const isDue = pause === FAILED_MS || chosenSession(store.get())?.state === "live";
    if (asked === question && isDue) timer = setTimeout(() => asked === question && ask(question), pause);
  }

  store.subscribe(() => {
    const next = wanted();
    const isOther = next.session !== asked.session || next.field !== asked.field;
    if (!isOther && next.labels === asked.labels) return;
    clearTimeout(timer);
    asked = next;
    if (next.labels !== undefined) timer = setTimeout(() => ask(next), isOther ? 0 : SETTLED_MS);
  });
}
