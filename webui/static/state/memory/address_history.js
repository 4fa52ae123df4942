/** History of the chosen address: the changes of its value, by pages, as far as they have come. Pure. */
import { unite } from "../ranges.js";
import { withSelection } from "../selection.js";

/** Changes of one answer. */
export const PAGE = 100;

/**
 * @typedef {{
 *   frame_set_id: number, frame: number, timestamp: number, buttons: string, pc: string | null,
 *   previous: number | null, current: number | null, recorded: boolean,
 * }} Change `recorded` false where the value only became known, or was restored
 *
 * - `key`: whose changes these are, or null
 * - `pages`: the changes, oldest first, by the number of their page; `total`: how many there are
 * - `wanted`: the page that is in sight
 * - `sets`: the sets in which it changed, as ranges
 * - `problem`: why they could not be fetched
 */
export const NO_HISTORY = { key: null, pages: {}, total: 0, wanted: 0, sets: [], problem: "" };

/** Key of the history: `session/address/type`; null where no address is chosen. */
export const historyKey = ({ chosen, memory: { address, type } }) => (chosen === null || address === null ? null : `${chosen}/${address}/${type}`);

/** The history of the chosen address; that of another one is not shown. */
export function historyOf(state) {
  const isHere = state.history.key !== null && state.history.key === historyKey(state);
  return { ...(isHere ? state.history : NO_HISTORY), isLoading: !isHere && historyKey(state) !== null };
}

/** The change at a place of the history, or undefined until it has come. @returns {Change | undefined} */
export const changeAt = ({ pages }, index) => pages[Math.floor(index / PAGE)]?.[index % PAGE];

/** The place of the last change up to a set, among those that have come; -1 where there is none. */
export function lastChangeUpTo({ pages }, set) {
  let found = -1;
  for (const [page, rows] of Object.entries(pages)) {
    rows.forEach((row, index) => {
      if (row.frame_set_id <= set) found = Math.max(found, Number(page) * PAGE + index);
    });
  }
  return found;
}

export const historyReducers = {
  /** A page of the changes has come. */
  history(state, { key, page, rows, total, sets }) {
    if (key !== historyKey(state)) return state;
    const before = state.history.key === key ? state.history : NO_HISTORY;
    return { ...state, history: { ...before, key, pages: { ...before.pages, [page]: rows }, total, sets: unite(sets), problem: "" } };
  },
  historyProblem: (state, { key, message }) => (key === historyKey(state) ? { ...state, history: { ...NO_HISTORY, key, problem: message } } : state),
  /** Rows come in sight. */
  showHistory(state, { index }) {
    const wanted = Math.floor(index / PAGE);
    return wanted === state.history.wanted ? state : { ...state, history: { ...state.history, wanted } };
  },
  /** Select the sets in which the chosen address changed, for labels. */
  selectChangedSets(state) {
    const { sets } = historyOf(state);
    return sets.length === 0 ? state : withSelection(state, sets);
  },
};
