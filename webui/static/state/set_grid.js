/**
 * Grid of frame sets: which are in it, at which places, and what is selected there. Pure.
 *
 * Sets that a label takes out of the filter stay in the grid until it is filtered anew, so that nothing moves under the pointer and
 * a selection can get one label after the other. New sets come behind.
 */
import { memoized } from "./memoized.js";
import { countBefore, countOf, indexAt, intersect, lastOf, nearest, subtract, unite } from "./ranges.js";
import { withSelection } from "./selection.js";
import { filteredSets, LOOKED_UP, lookupOf } from "./set_filter.js";

/**
 * - `isOpen`: the grid is in the place of the single picture
 * - `field`: the label field whose values stand under the pictures
 * - `top`: scroll position in px
 * - `selection`: that of the grid, while the single picture is in sight
 * - `pinned`: null or `{by, sets}`, the sets that matched when the filter was chosen, and by what
 */
export const NO_GRID = { isOpen: false, field: "context", top: 0, selection: null, pinned: null };

/** The grid of another session: nothing selected, at its beginning. */
export const gridOfSession = (grid) => ({ ...NO_GRID, isOpen: grid.isOpen, field: grid.field });

const withNewer = memoized((pinned, there, now) => {
  const last = lastOf(pinned);
  return unite([...intersect(pinned, there), ...intersect(now, [[last === null ? 0 : last + 1, Infinity]])]);
});

/** The frame sets in the grid. @returns {import("./ranges.js").Ranges} */
export const gridSets = (state) => {
  const now = filteredSets(state);
  const { pinned } = state.grid;
  return pinned === null ? now : withNewer(pinned.sets, state.watched?.ranges ?? [], now);
};

/** The number of sets in the grid that do not match the filter any more. */
export const outdatedCount = (state) => countOf(subtract(gridSets(state), filteredSets(state)));

/** Number of sets before each range. */
const startsOf = memoized((ranges) => {
  const starts = [];
  let count = 0;
  for (const [first, last] of ranges) {
    starts.push(count);
    count += last - first + 1;
  }
  return starts;
});

/** The set at a place of the ranges; undefined beyond them. @param {import("./ranges.js").Ranges} ranges */
export function setAt(ranges, place) {
  const starts = startsOf(ranges);
  const index = countBefore(starts, (start) => start <= place) - 1;
  const range = ranges[index];
  const number = range === undefined ? undefined : range[0] + place - starts[index];
  return number !== undefined && number <= range[1] ? number : undefined;
}

/** The place of the set of the ranges that is nearest to a number; -1 where there is none. @param {import("./ranges.js").Ranges} ranges */
export function placeOf(ranges, number) {
  const set = number === null ? null : nearest(ranges, number);
  if (set === null) return -1;
  const index = indexAt(ranges, set);
  return startsOf(ranges)[index] + set - ranges[index][0];
}

/**
 * Rows in the document for a scroll position.
 * @returns {{columns: number, rows: number, held: number, first: number, last: number}} `held`: rows in the document at most; `first` and
 *   `last`: those rows, the last not included
 */
export function visibleRows({ count, width, height, top, cell }) {
  const columns = Math.max(1, Math.floor(width / cell.width));
  const rows = Math.ceil(count / columns);
  const held = Math.ceil(height / cell.height) + 3;
  const first = Math.max(0, Math.min(Math.floor(top / cell.height) - 1, rows - held));
  return { columns, rows, held, first, last: Math.min(rows, first + held) };
}

/** The selection in the grid as ranges; empty where only the current set is meant. */
export const selectedSets = (state) => state.selection?.ranges ?? [];

const select = (state, ranges, anchor, selected) => ({
  ...(ranges.length === 0 ? { ...state, following: false, selection: null } : withSelection(state, ranges, null, anchor)),
  selected,
});

const parked = (state) => ({ ...state.grid, isOpen: false, selection: state.selection });

export const gridReducers = {
  toggleGrid(state) {
    if (state.grid.isOpen) return { ...state, selection: null, grid: parked(state) };
    return { ...state, selection: state.selection ?? state.grid.selection, grid: { ...state.grid, isOpen: true, pinned: null } };
  },
  /** Show a set of the grid as the single picture; scroll position and selection are kept for the way back. */
  openFromGrid: (state, { set }) => ({ ...state, following: false, selected: set, selection: null, optionListTarget: null, grid: parked(state) }),
  gridField: (state, { field }) => ({ ...state, grid: { ...state.grid, field } }),
  gridScrolled: (state, { top }) => ({ ...state, grid: { ...state.grid, top } }),
  /** Filter anew: sets that do not match any more leave the grid. */
  refreshGrid: (state) => ({ ...state, grid: { ...state.grid, pinned: null } }),
  /** Select the sets of the grid from the anchor to a set, which becomes the current one. */
  extendInGrid(state, { set }) {
    const anchor = state.selection?.anchor ?? state.selected ?? set;
    return select(state, intersect(gridSets(state), [[Math.min(anchor, set), Math.max(anchor, set)]]), anchor, set);
  },
  /** Add a set to the selection, or take it out. */
  toggleInGrid(state, { set }) {
    const before = state.selection?.ranges ?? (state.selected === null ? [] : [[state.selected, state.selected]]);
    const one = [[set, set]];
    const isIn = state.selection !== null && intersect(before, one).length > 0;
    return select(state, isIn ? subtract(before, one) : unite([...before, ...one]), set, set);
  },
  selectGrid(state) {
    const sets = gridSets(state);
    return sets.length === 0 ? state : select(state, sets, sets[0][0], state.selected);
  },
};

/** Pin the sets of an open grid where the filter, what is looked up for it, or the session has changed. */
export function withPinnedSets(state) {
  const { grid, watched } = state;
  // While files of labels are still being read, what matches changes by itself.
  if (!grid.isOpen || watched === null || watched.unread > 0) return grid.pinned === null ? state : { ...state, grid: { ...grid, pinned: null } };
  const by = [watched.session, state.filter, ...LOOKED_UP.map((condition) => lookupOf(state, condition).sets)];
  if (grid.pinned?.by.every((one, index) => one === by[index])) return state;
  return { ...state, grid: { ...grid, pinned: { by, sets: filteredSets(state) } } };
}
