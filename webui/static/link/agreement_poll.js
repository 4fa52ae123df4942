/** Fetching of the agreement while it is in sight: again a moment after labels have changed. */
import { agreementKey } from "../state/agreement.js";
import { fetchJson } from "./memory_client.js";

/** Pause in ms after a change of labels: of a row of labels only the last one asks. */
const SETTLED_MS = 1000;

/**
 * @param {ReturnType<import("../state/store.js").createStore>} store
 * @param {(state: object) => boolean} isShown whether the review is in sight
 */
export function pollAgreement(store, isShown) {
  let asked = { key: null, labels: undefined };
  let timer = 0;

  async function ask(key) {
    try {
      store.dispatch({ type: "agreement", key, answer: await fetchJson(`/api/sessions/${key}`) });
    } catch (error) {
      store.dispatch({ type: "agreementProblem", key, message: error.message });
    }
  }

  store.subscribe(() => {
    const state = store.get();
    const next = { key: isShown(state) ? agreementKey(state) : null, labels: state.watched?.labels };
    if (next.key === asked.key && (next.key === null || next.labels === asked.labels)) return;
    const isOther = next.key !== asked.key;
    clearTimeout(timer);
    asked = next;
    if (next.key !== null) timer = setTimeout(() => ask(next.key), isOther ? 0 : SETTLED_MS);
  });
}
