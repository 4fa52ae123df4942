/** Fetching of suggested labels while a field is chosen for them: again after the labels have changed, and while the game is played. */
import { chosenSession } from "../state/selectors.js";
import { fetchJson } from "./memory_client.js";

/** Pause in ms after a change of labels: of a row of labels only the last one asks. */
const SETTLED_MS = 400;
const LIVE_MS = 3000;

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
    try {
      const query = new URLSearchParams({ field });
      store.dispatch({ type: "suggestions", session, ...(await fetchJson(`/api/sessions/${encodeURIComponent(session)}/suggestions?${query}`)) });
    } catch (error) {
      store.dispatch({ type: "suggestionsProblem", field, message: error.message });
    }
    if (asked === question && chosenSession(store.get())?.state === "live") timer = setTimeout(() => asked === question && ask(question), LIVE_MS);
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
