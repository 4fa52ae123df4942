/** Fetching of the sets that the daemon looks up for the filter: at once for another condition; of a session that goes on, every few seconds. */
import { chosenSession } from "../state/selectors.js";
import { LOOKED_UP, lookupKey } from "../state/set_filter.js";
import { fetchJson, memoryUrl } from "./memory_client.js";

const LIVE_MS = 3000;

/** Routes by condition of the filter. */
const PATHS = {
  button: (button) => `held?${new URLSearchParams({ button })}`,
  changed: (text) => {
    const [address, type] = text.split(" ");
    return `changes?${new URLSearchParams({ address, type, limit: 1 })}`;
  },
};

/** @param {ReturnType<import("../state/store.js").createStore>} store */
export function pollFilter(store) {
  for (const condition of LOOKED_UP) pollCondition(store, condition);
}

function pollCondition(store, condition) {
  let asked = null;
  let timer = 0;

  async function ask(key) {
    const { chosen, filter } = store.get();
    try {
      const { sets } = await fetchJson(`${memoryUrl(chosen)}/${PATHS[condition](filter[condition])}`);
      store.dispatch({ type: "lookup", condition, key, sets });
    } catch (error) {
      store.dispatch({ type: "lookup", condition, key, sets: [], problem: error.message });
    }
    if (asked === key && chosenSession(store.get())?.state === "live") timer = setTimeout(() => asked === key && ask(key), LIVE_MS);
  }

  store.subscribe(() => {
    const key = lookupKey(store.get(), condition);
    if (key === asked) return;
    clearTimeout(timer);
    asked = key;
    if (key !== null) ask(key);
  });
}
