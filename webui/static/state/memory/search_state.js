/**
 * Search of the recorded memory: its filters, and the actions that change it. Pure.
 *
 * Each session has a search of its own, so that another session loses none. Which addresses pass is the daemon's answer.
 *
 * @typedef {{id: number, text: string, on: boolean}} Filter `id` names it while it moves and is edited
 * @typedef {{
 *   filters: Filter[], types: string[], regions: string[], aligned: boolean, kept: number[] | null, excluded: number[],
 *   order: string, start: number | null, usedIn: number | null, name: string, edited: number | null, answer: object | null, answered: string, problem: string,
 * }} Search
 * - `types`: at least one; `regions`: names, none for all
 * - `kept`: the only addresses that count, or null for all; `excluded`: addresses that do not count
 * - `order`: of the candidates, as the daemon names it
 * - `start`: the set from which on something happened, as the person set it; `usedIn`: the set in which filters were made of it, null
 *   before: in another set the start no longer counts
 * - `edited`: the filter that is edited as text
 * - `answer`: the daemon's, to the request that `answered` holds as text
 */
import { hex } from "../changes.js";
import { courseFilter, momentOf } from "./filters.js";
import { memoryReducers } from "./memory_state.js";

/** Types of a new search: the sizes in which games keep most numbers. */
const COMMON_TYPES = ["u8", "u16", "u32"];

/** Order of a new search: the daemon's guess of what a person looks for. */
export const INTEREST = "interest";

/** Most candidates of an answer; how many are left is counted beyond. */
const LIMIT = 1000;

/** @type {Search} */
export const NO_SEARCH = {
  filters: [],
  types: COMMON_TYPES,
  regions: [],
  aligned: true,
  kept: null,
  excluded: [],
  order: INTEREST,
  start: null,
  usedIn: null,
  name: "",
  edited: null,
  answer: null,
  answered: "",
  problem: "",
};

/** @returns {Search} of the chosen session */
export const searchOf = (state) => state.searches[state.chosen] ?? NO_SEARCH;

/** True while the answer is not that to the search as it is now. */
export const isPending = (state) => requestOf(state) !== null && searchOf(state).answered !== requestOf(state);

const requests = new WeakMap();

/** The request to the daemon as JSON, or null where nothing is asked: without a filter every address would pass. */
export function requestOf(state) {
  const search = searchOf(state);
  if (state.chosen === null || !search.filters.some(({ on }) => on)) return null;
  if (!requests.has(search)) requests.set(search, JSON.stringify({ ...searched(search), order: search.order, limit: LIMIT }));
  return requests.get(search);
}

/** The searched part of a search, in the form of bus and files. */
const searched = ({ filters, types, regions, kept, excluded, aligned }) => ({
  where: filters.map(({ text, on }) => ({ filter: text, on })),
  types,
  regions,
  ranges: (kept ?? []).map(hex),
  excluded: excluded.map(hex),
  aligned,
});

/** The stretch that buttons speak of: the selection, or from the given start or the last filter's moment to here; null where there is none. */
export function stretchOf(state) {
  if (state.selection !== null && state.selection.ranges.length > 0) {
    const { ranges } = state.selection;
    const stretch = [ranges[0][0], ranges[ranges.length - 1][1]];
    if (stretch[0] !== stretch[1]) return stretch;
  }
  const { filters, start, usedIn } = searchOf(state);
  const moments = filters.map(({ text }) => momentOf(text)).filter((moment) => moment !== null);
  const before = (usedIn === null || usedIn === state.selected ? start : null) ?? moments[moments.length - 1];
  if (before === undefined || state.selected === null || before === state.selected) return null;
  return [Math.min(before, state.selected), Math.max(before, state.selected)];
}

/** A search as it is saved and shared. */
export const savedForm = (search) => ({ name: search.name, ...searched(search) });

/** The search of a saved form, or the first one of a file; null where it is none. @returns {Search | null} */
export function fromSaved(saved) {
  const document = saved?.searches?.[0] ?? saved;
  const where = document?.where;
  if (!Array.isArray(where) || !where.every((entry) => typeof entry?.filter === "string")) return null;
  const texts = (list, otherwise) => (Array.isArray(list) && list.every((entry) => typeof entry === "string") ? list : otherwise);
  const types = texts(document.types, COMMON_TYPES);
  return {
    ...NO_SEARCH,
    name: typeof document.name === "string" ? document.name : "",
    filters: where.map(({ filter, on }, id) => ({ id, text: filter, on: on !== false })),
    types: types.length > 0 ? types : COMMON_TYPES,
    regions: texts(document.regions, []),
    aligned: document.aligned !== false,
    kept: addresses(document.ranges).length > 0 ? addresses(document.ranges) : null,
    excluded: addresses(document.excluded),
  };
}

/** The addresses of a saved list, eight hex digits each. */
const addresses = (list) => (Array.isArray(list) ? list.map((text) => parseInt(text, 16)).filter(Number.isInteger) : []);

/** The searches that are saved with a session. */
export const NO_SAVED = { session: null, list: [] };

const withSearch = (state, changed) =>
  state.chosen === null ? state : { ...state, searches: { ...state.searches, [state.chosen]: { ...searchOf(state), ...changed } } };

const toggled = (list, entry) => (list.includes(entry) ? list.filter((one) => one !== entry) : [...list, entry]);

/** With the search open, so that what a key did there is seen. */
const inSight = (state) => memoryReducers.memoryView(state, { view: "search" });

export const searchReducers = {
  /** Add filters, at the end. */
  addFilters(state, { texts }) {
    const { filters } = searchOf(state);
    const known = new Set(filters.map(({ text }) => text));
    const next = Math.max(-1, ...filters.map(({ id }) => id)) + 1;
    const added = texts.filter((text) => !known.has(text)).map((text, index) => ({ id: next + index, text, on: true }));
    const again = filters.map((filter) => (texts.includes(filter.text) ? { ...filter, on: true } : filter));
    return withSearch(state, { filters: [...again, ...added], usedIn: state.selected });
  },
  /** Take the current set as the start of a stretch. */
  searchStart: (state) => inSight({ ...withSearch(state, { start: state.selected, usedIn: null }), selection: null }),
  /** Add what the value did in the stretch that is meant now. */
  searchCourse(state, { course }) {
    const stretch = stretchOf(state);
    if (stretch === null) return inSight({ ...state, problem: "Select sets in the strip first, or press “Start here” and go to another set." });
    return inSight(searchReducers.addFilters(state, { texts: [courseFilter(course, stretch)] }));
  },
  toggleFilter: (state, { id }) =>
    withSearch(state, { filters: searchOf(state).filters.map((filter) => (filter.id === id ? { ...filter, on: !filter.on } : filter)) }),
  editFilter: (state, { id }) => withSearch(state, { edited: id }),
  /** Give the edited filter another text; an empty one removes it. */
  writeFilter(state, { id, text }) {
    const written = text.trim();
    const filters = searchOf(state).filters.map((filter) => (filter.id === id ? { ...filter, text: written } : filter));
    return withSearch(state, { filters: filters.filter((filter) => filter.text !== ""), edited: null });
  },
  removeFilter: (state, { id }) => withSearch(state, { filters: searchOf(state).filters.filter((filter) => filter.id !== id), edited: null }),
  /** Move a filter to a place in the list. */
  moveFilter(state, { id, to }) {
    const { filters } = searchOf(state);
    const moved = filters.find((filter) => filter.id === id);
    if (moved === undefined) return state;
    const others = filters.filter((filter) => filter !== moved);
    const place = Math.min(Math.max(to, 0), others.length);
    return withSearch(state, { filters: [...others.slice(0, place), moved, ...others.slice(place)] });
  },
  toggleType(state, { name }) {
    const types = toggled(searchOf(state).types, name);
    return types.length === 0 ? state : withSearch(state, { types });
  },
  toggleRegion: (state, { name }) => withSearch(state, { regions: toggled(searchOf(state).regions, name) }),
  toggleAligned: (state) => withSearch(state, { aligned: !searchOf(state).aligned }),
  /** Keep some addresses only. */
  keepCandidates: (state, { addresses: kept }) => withSearch(state, { kept }),
  orderCandidates: (state, { order }) => withSearch(state, { order: searchOf(state).order === order ? INTEREST : order }),
  excludeCandidate: (state, { address }) => withSearch(state, { excluded: [...new Set([...searchOf(state).excluded, address])] }),
  allCandidates: (state) => withSearch(state, { kept: null, excluded: [] }),
  nameSearch: (state, { name }) => withSearch(state, { name }),
  openSearch(state, { search }) {
    const opened = fromSaved(search);
    return opened === null ? { ...state, problem: "This file holds no search of gbatrace." } : withSearch(state, opened);
  },
  savedSearches: (state, { session, searches }) => ({ ...state, savedSearches: { session, list: searches } }),
  newSearch: (state) => withSearch(state, NO_SEARCH),
  searchAnswer: (state, { session, answered, answer }) =>
    session === state.chosen ? withSearch(state, { answer, answered, problem: "" }) : state,
  searchProblem: (state, { session, answered, message }) =>
    session === state.chosen ? withSearch(state, { answer: null, answered, problem: message }) : state,
};
