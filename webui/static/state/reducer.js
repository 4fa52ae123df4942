/**
 * Reducer: the page's state and every action that changes it. Pure.
 *
 * Actions are the server's messages and the user's. Screenshots and memory changes are in the cache of `link/frame_set_cache.js`.
 *
 * While `following` is set, the newest frame set is the current one and the strip stays at its end. Every choice or scroll of
 * the user ends it, and only the user starts it again. Playing is paused by them in the same way.
 */
import { agreementOfSession, agreementReducers, NO_AGREEMENT } from "./agreement.js";
import { WORD } from "./changes.js";
import { formatNumber } from "./format.js";
import { hintOf } from "./keys.js";
import { byStatus, FIELD_NAMES, NO_LABELS, withLabels } from "./labels.js";
import { labelSetReducers, NO_LABEL_SET } from "./label_set.js";
import { historyReducers, NO_HISTORY } from "./memory/address_history.js";
import { findingOf, findReducers } from "./memory/find_state.js";
import { INITIAL_MEMORY, memoryOf, memoryReducers } from "./memory/memory_state.js";
import { namesReducers, NO_NAMING } from "./memory/names_state.js";
import { NO_SAVED, searchReducers } from "./memory/search_state.js";
import { NO_OPTION_LIST, optionReducers } from "./option_list.js";
import { labelChange, PAUSED, playerReducers, withPauseByHand } from "./player.js";
import { atOrAfter, atOrBefore, firstOf, intersect, lastOf, nearest, subtract, unite, withNumber } from "./ranges.js";
import { NOTHING_WAITING, waitingOf, withProgress } from "./saving.js";
import { selectRun, targets, trimmed, withSelection } from "./selection.js";
import { filteredSets, filterReducers, isFiltering, NO_FILTER } from "./set_filter.js";
import { gridOfSession, gridReducers, NO_GRID, withPinnedSets } from "./set_grid.js";
import { NO_SUGGESTIONS, suggestionReducers } from "./suggestions.js";
import { STEPS } from "./timeline.js";
import { tourReducers } from "./tour.js";

const MAX_ARRIVALS = 64;
const THEMES = ["auto", "dark", "light"];

/**
 * - `chosen`, `selected`: the session and the frame set in view, called the current set
 * - `watched`: frame sets, events and labels of the chosen session, once they have come
 * - `meter`: arrival times of sets, delays and dropped previews, for the header
 * - `loaded`: number of frame sets that came into the cache, so that the view changes with it
 * - `missing`: null or `{session, set, problem}`, the frame set whose picture is late, or could not be fetched and why
 * - `player`: see `player.js`
 * - `step`: frame sets in a cell of the film strip; `extent`: `{first, last}`, the sets in its visible part
 *   while a view draws along them
 * - `table`: view of the memory changes; `memory`: see `memory/memory_state.js`
 * - `scope`: the sets that labels apply to: `sets` (the selection or the current set), `latch` (every new set) or `recent` (the
 *   last `seconds` up to the current set)
 * - `selection`: null or `{ranges, field, anchor}`, the selected sets; `field` where they are a run of a lane
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
 * - `panel`, `overlay`: the open tab of the side panel, the open dialog; `rail`: whether the list of sessions is open
 */
export function initialState({ now, session = null, set = null, theme = "auto", seconds = 5, userName = "", keptRows = [], savedFilters = [], tour = null, panel = "labels" }) {
  return {
    page: { status: "connecting", since: now, server: null },
    daemon: { status: "waiting", since: now, version: "", data_folder: "" },
    link: {},
    sessions: [],
    chosen: session,
    selected: set,
    following: set === null,
    watched: null,
    meter: { arrivals: [], delay: null, lag: null, dropped: 0 },
    loaded: 0,
    missing: null,
    step: 12,
    extent: null,
    table: { sort: null, descending: false, filter: "", type: WORD, hideBusy: false },
    memory: INITIAL_MEMORY,
    searches: {},
    savedSearches: NO_SAVED,
    findings: {},
    suggested: NO_SUGGESTIONS,
    keptRows,
    naming: NO_NAMING,
    history: NO_HISTORY,
    player: PAUSED,
    keys: {},
    panel,
    ...NO_OPTION_LIST,
    labelSet: NO_LABEL_SET,
    draft: null,
    statistics: null,
    scope: "sets",
    seconds,
    selection: null,
    filter: NO_FILTER,
    lookups: {},
    savedFilters,
    grid: NO_GRID,
    agreement: NO_AGREEMENT,
    userName,
    outbox: NOTHING_WAITING,
    notice: "",
    refusal: "",
    question: null,
    overlay: null,
    rail: false,
    tour,
    theme,
    problem: "",
  };
}

const isOpen = (session) => session.state !== "ended";
const sessionOf = (state, id) => state.sessions.find((session) => session.session_id === id);

/**
 * The sessions that the page server lists. While it has not heard of all, as after its start, those that the page knows stay,
 * `awaited`: who looks at one of them keeps the place.
 */
function listed(state, { sessions, knows_all_sessions: isComplete }) {
  if (isComplete) return sessions;
  const known = new Set(sessions.map((session) => session.session_id));
  return [...sessions, ...state.sessions.filter((session) => !known.has(session.session_id)).map((session) => ({ ...session, awaited: true }))];
}

/** Choose a session where none is chosen; switch to a newer open one where the user follows and the chosen one has ended. */
function withSessionChosen(state) {
  const chosen = sessionOf(state, state.chosen);
  const open = state.sessions.find((session) => session.state === "live") ?? state.sessions.find(isOpen);
  if (chosen === undefined) {
    const session = open ?? state.sessions[0];
    return session === undefined ? withoutSession(state) : openSession(state, session.session_id, true);
  }
  if (state.following && !isOpen(chosen) && open !== undefined && open.created > chosen.created) {
    return openSession(state, open.session_id, true);
  }
  return state;
}

const withoutSession = (state) => ({ ...state, chosen: null, selected: null, watched: null, following: true });

const openSession = (state, session, following) => ({
  ...state,
  chosen: session,
  selected: null,
  following,
  watched: null,
  ...NO_OPTION_LIST,
  statistics: null,
  selection: null,
  filter: NO_FILTER,
  grid: gridOfSession(state.grid),
  agreement: agreementOfSession(state.agreement),
  memory: memoryOf(state, session),
  player: { ...state.player, isPlaying: false, loop: null },
  notice: "",
  refusal: "",
  meter: { ...state.meter, arrivals: [], delay: null, lag: null },
});

/** Make a set the current one, and stop following. */
const goTo = (state, set) => (set === null ? state : { ...state, following: false, selected: set, optionListTarget: null, selection: null });

/** The same by key: the run of a lane stays selected, so that it can be resized or split at the new set. */
const stepTo = (state, set) => (set === null ? state : { ...goTo(state, set), selection: state.selection?.field ? state.selection : null });

const ranges = (state) => state.watched?.ranges ?? [];

const withSession = (state, summary) => {
  if (summary.state === "discarded") {
    return { ...state, sessions: state.sessions.filter((session) => session.session_id !== summary.session_id) };
  }
  const known = state.sessions.some((session) => session.session_id === summary.session_id);
  const sessions = known
    ? state.sessions.map((session) => (session.session_id === summary.session_id ? summary : session))
    : [summary, ...state.sessions];
  return { ...state, sessions };
};

const neighbour = (runs, from, by) => (by < 0 ? atOrBefore(runs, from - 1) : atOrAfter(runs, from + 1));

/** Extend the selection from its anchor to a set, which becomes the current one. */
function extendTo(state, set) {
  if (set === null || state.selected === null) return state;
  const anchor = state.selection?.anchor ?? state.selected;
  return { ...withSelection(state, [[Math.min(anchor, set), Math.max(anchor, set)]], null, anchor), selected: set };
}

const sameEvent = (one, other) =>
  one.time === other.time && one.name === other.name && one.frame_set_id === other.frame_set_id && one.frame === other.frame;

const reducers = {
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

  page: (state, { status, now }) => ({ ...state, page: { ...state.page, status, since: now } }),

  welcome(state, { server, daemon, link, now, ...list }) {
    const page = { status: "connected", since: now, server };
    const meter = { ...state.meter, dropped: 0 };
    return withSessionChosen({ ...state, page, meter, daemon, link, sessions: listed(state, list) });
  },

  state: (state, { daemon, link, ...list }) => withSessionChosen({ ...state, daemon, link, sessions: listed(state, list) }),

  session: (state, { session }) => withSessionChosen(withSession(state, session)),

  watched(state, { session, ranges: runs, events, events_left_out: leftOut, labels, flawed, damaged, unread, label_options: labelOptions, used_values: usedValues }) {
    if (session !== state.chosen) return state;
    const watched = {
      session,
      ranges: runs,
      events,
      leftOut,
      labels: labels ?? NO_LABELS,
      flawed: flawed ?? [],
      damaged: damaged ?? [],
      unread: unread ?? 0,
      labelOptions: labelOptions ?? null,
      usedValues: usedValues ?? {},
    };
    const keep = !state.following && state.selected !== null;
    return { ...state, watched, selected: keep ? nearest(runs, state.selected) : lastOf(runs) };
  },

  frame_set(state, { session, frame_set: set, counts, now }) {
    const summary = sessionOf(state, session);
    if (summary === undefined) return state;
    const number = set.frame_set_id;
    const grown = withSession(state, { ...summary, ...counts });
    if (state.watched?.session !== session) return grown;
    const { labels, flawed } = state.watched;
    const watched = {
      ...state.watched,
      ranges: withNumber(state.watched.ranges, number),
      labels: set.annotations ? withLabels(labels, [set]) : labels,
      flawed: set.whole ? flawed : withNumber(flawed, number),
    };
    return {
      ...grown,
      watched,
      meter: { ...state.meter, arrivals: [...state.meter.arrivals.slice(1 - MAX_ARRIVALS), now] },
    };
  },

  labels(before, { session, labels: sets, type: _, ...told }) {
    const outbox = withProgress(before.outbox, told);
    const state = outbox === before.outbox ? before : { ...before, outbox };
    if (state.watched?.session !== session) return state;
    const numbers = new Set(sets.map((set) => set.frame_set_id));
    const damaged = state.watched.damaged.filter(([number]) => !numbers.has(number));
    const arrived = state.draft?.sent && numbers.has(state.draft.ranges[0][0]);
    return { ...state, draft: arrived ? null : state.draft, watched: { ...state.watched, labels: withLabels(state.watched.labels, sets), damaged } };
  },

  preview(state, { session, frame_set: set, delay }) {
    if (session !== state.chosen) return state;
    const selected = state.following ? Math.max(state.selected ?? 0, set.frame_set_id) : state.selected;
    const missing = state.missing?.set === set.frame_set_id ? null : state.missing;
    return { ...state, selected, missing, loaded: state.loaded + 1, meter: { ...state.meter, delay } };
  },

  event(state, { session, event }) {
    if (state.watched?.session !== session) return state;
    if (state.watched.events.some((known) => sameEvent(known, event))) return state;
    return { ...state, watched: { ...state.watched, events: [...state.watched.events, event] } };
  },

  meter: (state, { dropped, lag }) => ({ ...state, meter: { ...state.meter, dropped, lag } }),
  problem: (state, { message }) => ({ ...state, problem: message }),
  loaded: (state) => ({ ...state, missing: null, problem: state.missing?.problem ? "" : state.problem, loaded: state.loaded + 1 }),
  missing: (state, { session, set, problem }) => ({ ...state, missing: { session, set, problem }, problem: problem || state.problem }),

  choose(state, { session }) {
    const summary = sessionOf(state, session);
    if (summary === undefined) return state;
    return session === state.chosen ? { ...state, rail: false } : { ...openSession(state, session, isOpen(summary)), rail: false };
  },
  go(state, { session, set }) {
    if (sessionOf(state, session) === undefined) return state;
    return session === state.chosen ? goTo(state, nearest(ranges(state), set)) : { ...openSession(state, session, false), selected: set };
  },
  select(state, { set, extending = false }) {
    const number = nearest(ranges(state), set);
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
    const sets = ranges(state);
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
    return state.selected === null ? state : extendTo(state, neighbour(ranges(state), state.selected, by) ?? state.selected);
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
    return ask === null ? { ...state, notice: "No picture would tell more." } : goTo(state, nearest(ranges(state), ask));
  },
  follow(state) {
    const chosen = sessionOf(state, state.chosen);
    const live = state.sessions.find((session) => session.state === "live");
    if (live !== undefined && (chosen === undefined || !isOpen(chosen))) return openSession(state, live.session_id, true);
    return { ...state, following: true, selected: lastOf(ranges(state)), selection: null };
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
  keymap: (state, { keys, problems }) => ({ ...state, keys, problem: problems[0] ?? state.problem }),
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
  overlay: (state, { name }) => ({ ...state, overlay: state.overlay === name ? null : name }),
  rail: (state) => ({ ...state, rail: !state.rail }),
  theme: (state) => ({ ...state, theme: THEMES[(THEMES.indexOf(state.theme) + 1) % THEMES.length] }),
};

/** The state after an action; the same object where nothing changed. Unknown actions change nothing. */
export const reduce = (state, action) => withPauseByHand(state, withPinnedSets(reducers[action.type]?.(state, action) ?? state), action);
