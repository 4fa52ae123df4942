/**
 * Filter of frame sets: by labels, flaws, marks, held buttons and changes of a value. Pure.
 *
 * @typedef {{
 *   status: "all" | "unlabelled" | "partial" | "complete", field: string, value: string, marked: boolean, flawed: boolean,
 *   button: string, changed: string, text: string,
 * }} SetFilter conditions that are joined by *and*; empty ones do not count
 * - `button`: held in the set; `changed`: address and type of a value that changes in it, such as `03001234 u16`
 */
import { ALL_FIELDS, byStatus } from "./labels.js";
import { memoized } from "./memoized.js";
import { intersect, unite } from "./ranges.js";

/** @type {SetFilter} */
export const NO_FILTER = { status: "all", field: "", value: "", marked: false, flawed: false, button: "", changed: "", text: "" };

/** @param {SetFilter} filter */
export const isFiltering = (filter) => Object.keys(NO_FILTER).some((name) => name !== "value" && filter[name] !== NO_FILTER[name]);

/** Conditions that the daemon looks up. */
export const LOOKED_UP = ["button", "changed"];

/** Key of what is looked up for a condition of the filter, or null where nothing is. */
export const lookupKey = ({ chosen, filter }, condition) => (filter[condition] === "" || chosen === null ? null : `${chosen}/${condition}/${filter[condition]}`);

/** The sets looked up for a condition; none where it is not here yet. @returns {{key: string | null, sets: import("./ranges.js").Ranges, problem: string}} */
export const lookupOf = (state, condition) =>
  state.lookups[condition]?.key === lookupKey(state, condition) ? state.lookups[condition] : NO_LOOKUP;

const NO_LOOKUP = { key: null, sets: [], problem: "" };

/** The frame sets that match the filter: the ones that keys step through. @returns {import("./ranges.js").Ranges} */
export function filteredSets(state) {
  if (state.watched === null) return [];
  const { labels, ranges, events, flawed } = state.watched;
  if (!isFiltering(state.filter)) return ranges;
  return matching(labels, ranges, events, flawed, state.filter, ...LOOKED_UP.map((condition) => lookupOf(state, condition).sets));
}

const matching = memoized((labels, ranges, events, flawed, filter, held, changed) => {
  const text = filter.text.trim().toLowerCase();
  const hasValue = ([, , value]) => value === filter.value || (Array.isArray(value) && value.includes(filter.value));
  const hasText = ([, , value]) => String(value).toLowerCase().includes(text);
  const conditions = [
    filter.field && unite(labels[filter.field].filter(hasValue)),
    filter.marked && unite(events.filter((event) => event.name === "mark").map((event) => [event.frame_set_id, event.frame_set_id])),
    filter.flawed && flawed,
    filter.button && held,
    filter.changed && changed,
    text && unite(ALL_FIELDS.slice(0, -1).flatMap((field) => labels[field].filter(hasText))),
  ];
  return conditions.filter(Boolean).reduce(intersect, byStatus(labels, ranges)[filter.status]);
});

/** Filters that are saved with a name, in the order of their names. @typedef {{name: string, filter: SetFilter}[]} SavedFilters */

export const filterReducers = {
  filterSets: (state, { type: _, ...filter }) => ({ ...state, filter: { ...state.filter, ...filter } }),
  filterUnlabelled: (state) => ({ ...state, filter: { ...state.filter, status: state.filter.status === "unlabelled" ? "all" : "unlabelled" } }),
  /** The sets that the daemon found for a condition, or why it found none. */
  lookup(state, { condition, key, sets, problem = "" }) {
    if (key !== lookupKey(state, condition)) return state;
    return { ...state, lookups: { ...state.lookups, [condition]: { key, sets: unite(sets), problem } } };
  },
  /** Save the filter, in place of one of the same name. */
  saveSetFilter(state, { name }) {
    const others = state.savedFilters.filter((one) => one.name !== name);
    return { ...state, savedFilters: [...others, { name, filter: state.filter }].sort((one, other) => one.name.localeCompare(other.name)) };
  },
  removeSetFilter: (state, { name }) => ({ ...state, savedFilters: state.savedFilters.filter((one) => one.name !== name) }),
};

/** Saved filters as they stand in a text that may be anything; those that are none are left out. @param {string | null} text @returns {SavedFilters} */
export function parseFilters(text) {
  const list = parsed(text);
  if (!Array.isArray(list)) return [];
  return list.filter(isSaved).map(({ name, filter }) => ({ name, filter: { ...NO_FILTER, ...filter } }));
}

const isSaved = (one) =>
  typeof one?.name === "string" &&
  typeof one.filter === "object" &&
  Object.entries(one.filter ?? {}).every(([name, value]) => typeof value === typeof NO_FILTER[name]);

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
