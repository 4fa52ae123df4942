/**
 * Reducer: the whole of the page's state and every action that changes it. Pure.
 *
 * The part that the first picture needs is in `session_state.js`, and works alone until the rest of the page is here.
 */
import { agreementOfSession, agreementReducers, NO_AGREEMENT } from "./agreement.js";
import { WORD } from "./changes.js";
import { formatNumber } from "./format.js";
import { hintOf } from "./keys.js";
import { byStatus, FIELD_NAMES } from "./labels.js";
import { labelSetReducers, NO_LABEL_SET } from "./label_set.js";
import { historyReducers, NO_HISTORY } from "./memory/address_history.js";
import { findingOf, findReducers } from "./memory/find_state.js";
import { INITIAL_MEMORY, memoryOf, memoryReducers } from "./memory/memory_state.js";
import { namesReducers, NO_NAMING } from "./memory/names_state.js";
import { NO_SAVED, searchReducers } from "./memory/search_state.js";
import { NO_OPTION_LIST, optionReducers } from "./option_list.js";
import { labelChange, PAUSED, playerReducers, withPauseByHand } from "./player.js";
import { atOrAfter, atOrBefore, firstOf, intersect, lastOf, nearest, subtract, unite } from "./ranges.js";
import { NOTHING_WAITING, waitingOf, withProgress } from "./saving.js";
import { selectRun, targets, trimmed, withSelection } from "./selection.js";
import { goTo, initialSession, isOpen, openSession, recordedSets, sessionOf, sessionReducers } from "./session_state.js";
import { filteredSets, filterReducers, isFiltering, NO_FILTER } from "./set_filter.js";
import { gridOfSession, gridReducers, NO_GRID, withPinnedSets } from "./set_grid.js";
import { NO_SUGGESTIONS, suggestionReducers } from "./suggestions.js";
import { STEPS } from "./timeline.js";
import { tourReducers } from "./tour.js";

/**
 * Parts of the state besides that of the session:
 * - `player`: see `player.js`
 * - `step`: frame sets in a cell of the film strip; `extent`: `{first, last}`, the sets in its visible part
 *   while a view draws along them
 * - `table`: view of the memory changes; `memory`: see `memory/memory_state.js`
 * - `scope`: the sets that labels apply to: `sets` (the selection or the current set), `latch` (every new set) or `recent` (the
 *   last `seconds` up to the current set)
 * - `optionList` and the parts beside it: see `option_list.js`
 * - `filter`: the sets that keys step through, see `set_filter.js`; `lookups`: what the daemon found for it, by condition;
 *   `savedFilters`: those with a name; `grid`: see `set_grid.js`; `agreement`: see `agreement.js`
 * - `labelSet`: what its dialog shows, see `label_set.js`
 * - `draft`: a description in progress, `{session, ranges, text, sent}`, kept until it comes back as a label
 * - `suggested`: suggestions for labels, see `suggestions.js`; `keptRows`: rows of their review that a person has left as they are
 * - `outbox`: label commands that the daemon has not confirmed, see `saving.js`
 * - `notice`, `refusal`: the result of the last label command, or why it was refused
 * - `question`: null or `{text, verb, action}`, asked before an action that changes many sets
 * - `tour`: step of the tour for the first minute, null where it is over
 * - `panel`: the open tab of the side panel
 */
const WORKSPACE = {
  step: 12,
  extent: null,
  table: { sort: null, descending: false, filter: "", type: WORD, hideBusy: false },
  memory: INITIAL_MEMORY,
  searches: {},
  savedSearches: NO_SAVED,
  findings: {},
  suggested: NO_SUGGESTIONS,
  keptRows: [],
  naming: NO_NAMING,
  history: NO_HISTORY,
  player: PAUSED,
  panel: "labels",
  ...NO_OPTION_LIST,
  labelSet: NO_LABEL_SET,
  draft: null,
  statistics: null,
  scope: "sets",
  seconds: 5,
  filter: NO_FILTER,
  lookups: {},
  savedFilters: [],
  grid: NO_GRID,
  agreement: NO_AGREEMENT,
  userName: "",
  outbox: NOTHING_WAITING,
  notice: "",
  refusal: "",
  question: null,
  tour: null,
};

/** The whole state from that of the session, which has the preferences too. */
export const withWorkspace = (session) => ({ ...WORKSPACE, ...session });

/** @param {object} start see `initialSession` */
export const initialState = (start) => withWorkspace(initialSession(start));

/** The state once another session is opened: what belongs to the one before goes. */
function withOtherSession(before, after) {
  if (after.chosen === before.chosen || after.chosen === null) return after;
  return {
    ...after,
    ...NO_OPTION_LIST,
    statistics: null,
    selection: null,
    filter: NO_FILTER,
    grid: gridOfSession(after.grid),
    agreement: agreementOfSession(after.agreement),
    memory: memoryOf(after),
    player: { ...after.player, isPlaying: false, loop: null },
    notice: "",
    refusal: "",
  };
}

/** The same by key: the run of a lane stays selected, so that it can be resized or split at the new set. */
const stepTo = (state, set) => (set === null ? state : { ...goTo(state, set), selection: state.selection?.field ? state.selection : null });

const neighbour = (runs, from, by) => (by < 0 ? atOrBefore(runs, from - 1) : atOrAfter(runs, from + 1));

/** Extend the selection from its anchor to a set, which becomes the current one. */
function extendTo(state, set) {
  if (set === null || state.selected === null) return state;
  const anchor = state.selection?.anchor ?? state.selected;
  return { ...withSelection(state, [[Math.min(anchor, set), Math.max(anchor, set)]], null, anchor), selected: set };
}

const reducers = {
  ...sessionReducers,
  ...memoryReducers,
  ...searchReducers,
  ...findReducers,
  ...suggestionReducers,
  ...optionReducers,
  ...labelSetReducers,
  ...namesReducers,
  ...historyReducers,
  ...filterReducers,
  ...gridReducers,
  ...playerReducers,
  ...agreementReducers,
  ...tourReducers,

  labels(before, action) {
    const { session, labels: sets, type: _, ...told } = action;
    const outbox = withProgress(before.outbox, told);
    const state = sessionReducers.labels(outbox === before.outbox ? before : { ...before, outbox }, action);
    const isArrived = state.draft?.sent && state.watched?.session === session && sets.some((set) => set.frame_set_id === state.draft.ranges[0][0]);
    return isArrived ? { ...state, draft: null } : state;
  },
  select(state, { set, extending = false }) {
    const number = nearest(recordedSets(state), set);
    return extending ? extendTo(state, number) : goTo(state, number);
  },
  scrolled: (state) => (state.following ? goTo(state, state.selected) : state),
  first: (state) => stepTo(state, firstOf(filteredSets(state))),
  step: (state, { by }) => (state.selected === null ? state : stepTo(state, neighbour(filteredSets(state), state.selected, by) ?? state.selected)),
  stepCell: (state, { by }) =>
    state.selected === null ? state : stepTo(state, nearest(filteredSets(state), state.selected + by * state.step)),
  /** Go to the next or previous change: of a label field, or to one of the sets in which a watched value changed. */
  stepChange(state, { by, lane, changed }) {
    if (state.watched === null || state.selected === null) return state;
    const sets = recordedSets(state);
    const found = changed ? neighbour(intersect(sets, unite(changed)), state.selected, by) : labelChange(state.watched.labels[lane], sets, state.selected, by);
    const name = FIELD_NAMES[lane] ?? lane.replace("watch ", "");
    return found === null ? { ...state, notice: `${name} does not change ${by > 0 ? "after" : "before"} this set.` } : { ...stepTo(state, found), notice: "" };
  },
  seek(state, { by, beyond = [] }) {
    if (state.watched === null || state.selected === null) return state;
    const { unlabelled, complete } = byStatus(state.watched.labels, state.watched.ranges);
    const open = subtract(subtract(state.watched.ranges, complete), beyond);
    const todo = beyond.length === 0 && unlabelled.length > 0 ? unlabelled : open;
    const found = neighbour(todo, state.selected, by) ?? (by < 0 ? lastOf(todo) : firstOf(todo));
    return found === null ? { ...state, notice: "Every set is complete." } : goTo(state, found);
  },
  extend(state, { by }) {
    return state.selected === null ? state : extendTo(state, neighbour(recordedSets(state), state.selected, by) ?? state.selected);
  },
  range(state, { first, last, field = null }) {
    return withSelection(state, [[Math.min(first, last), Math.max(first, last)]], field);
  },
  moveEnd(state, { end }) {
    if (state.selected === null) return state;
    return withSelection(state, [trimmed(state, end)], state.selection?.field);
  },
  run(state) {
    const selection = selectRun(state);
    return selection === null ? { ...state, notice: "No label at this set." } : { ...withSelection(state, selection.ranges, selection.field), notice: "" };
  },
  split(state) {
    const { field, ranges: chosen } = state.selection ?? {};
    const [first, last] = chosen?.[0] ?? [];
    if (!field) return { ...state, notice: `No run is selected. ${hintOf(state.keys, "run")} selects the one here.` };
    if (state.selected <= first || state.selected > last) return { ...state, notice: "Go to the set where the second part begins, then split." };
    const notice = `Selected from set ${formatNumber(state.selected)} on. ${hintOf(state.keys, field)} chooses another label for it.`;
    return { ...state, selection: { ...state.selection, ranges: [[state.selected, last]] }, notice, refusal: "" };
  },
  selectFiltered(state) {
    const runs = filteredSets(state);
    return runs.length === 0 ? state : withSelection(state, runs);
  },
  /** Go to the picture that would tell most about the variable that is sought. */
  findAsked(state) {
    const ask = findingOf(state).answer?.ask ?? null;
    return ask === null ? { ...state, notice: "No picture would tell more." } : goTo(state, nearest(recordedSets(state), ask));
  },
  follow(state) {
    const chosen = sessionOf(state, state.chosen);
    const live = state.sessions.find((session) => session.state === "live");
    if (live !== undefined && (chosen === undefined || !isOpen(chosen))) return openSession(state, live.session_id, true);
    return { ...state, following: true, selected: lastOf(recordedSets(state)), selection: null };
  },
  extent(state, { first, last }) {
    return state.extent?.first === first && state.extent.last === last ? state : { ...state, extent: { first, last } };
  },
  zoom(state, { by }) {
    const index = Math.min(Math.max(STEPS.indexOf(state.step) + by, 0), STEPS.length - 1);
    return { ...state, step: STEPS[index] };
  },

  sort(state, { column }) {
    const { sort, descending } = state.table;
    if (sort !== column) return { ...state, table: { ...state.table, sort: column, descending: false } };
    return { ...state, table: { ...state.table, sort: descending ? null : column, descending: !descending } };
  },
  panel: (state, { name }) => ({ ...state, panel: name ?? (state.panel === "labels" ? "memory" : "labels") }),
  statistics: (state, { session, statistics }) => (session === state.chosen ? { ...state, statistics } : state),
  editDraft(state, { text }) {
    const draft = state.draft?.sent === false ? state.draft : { session: state.chosen, ranges: targets(state), sent: false };
    return { ...state, draft: { ...draft, text } };
  },
  draftSent: (state, { sent }) => ({ ...state, draft: sent ? { ...state.draft, sent } : null }),
  scope: (state, { scope }) => ({ ...state, scope, refusal: "" }),
  seconds: (state, { seconds }) => ({ ...state, scope: "recent", seconds: Math.min(Math.max(seconds || 1, 1), 600) }),
  userName: (state, { userName }) => ({ ...state, userName }),
  outbox: (state, { commands }) => ({ ...state, outbox: waitingOf(commands, state.outbox) }),
  notice: (state, { text }) => ({ ...state, notice: text, refusal: "", draft: state.draft?.sent ? null : state.draft }),
  refused: (state, { message }) => ({ ...state, refusal: message, notice: "", draft: state.draft && { ...state.draft, sent: false } }),
  close(state) {
    if (state.overlay !== null) return { ...state, overlay: null };
    if (state.optionList !== null) return optionReducers.closeOptionList(state);
    if (state.rail) return { ...state, rail: false };
    if (state.selection !== null) return { ...state, selection: null };
    if (state.grid.isOpen) return gridReducers.toggleGrid(state);
    return isFiltering(state.filter) ? { ...state, filter: NO_FILTER } : { ...state, refusal: "" };
  },

  filterChanges: (state, { text }) => ({ ...state, table: { ...state.table, filter: text } }),
  changesType: (state, { valueType }) => ({ ...state, table: { ...state.table, type: valueType } }),
  hideBusy: (state) => ({ ...state, table: { ...state.table, hideBusy: !state.table.hideBusy } }),

  ask: (state, { question }) => ({ ...state, overlay: "question", question }),
};

/** The state after an action; the same object where nothing changed. Unknown actions change nothing. */
export function reduce(state, action) {
  const next = withOtherSession(state, reducers[action.type]?.(state, action) ?? state);
  return withPauseByHand(state, withPinnedSets(next), action);
}
