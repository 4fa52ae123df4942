/**
 * The page's state and everything that can happen to it. Pure: what a browser shows follows from the messages it got and
 * from what its user did. Pictures and memory changes are not in here; they stand in the bounded cache of `link/frame_set_cache.js`.
 *
 * `following` is latched: while it is set, the newest frame set is selected and the strip stands at its end. Whatever the user
 * selects or scrolls to releases it, and nothing but the user sets it again.
 */
import { byStatus, isFiltering, matching, NO_FILTER, NO_LABELS, withLabels } from "./labels.js";
import { atOrAfter, atOrBefore, firstOf, lastOf, nearest, subtract, withNumber } from "./ranges.js";
import { runHere, trimmed } from "./selection.js";
import { STEPS } from "./timeline.js";
import { targets } from "./label_commands.js";

const MAX_ARRIVALS = 64;
const THEMES = ["auto", "dark", "light"];

/**
 * `selection` is null or `{ranges, field, anchor}`: the sets that labels go to in place of the one in sight; `field` where they
 * are a run of a lane. `scope` says where labels go: `sets`, `latch` (what is recorded from now on) or `recent` (the last
 * `seconds` up to the set in sight). `aim` is the set that was in sight when the open list of values was opened: who follows live
 * labels what was seen then. `writing` is a description in progress, `{session, ranges, text, sent}`, kept until it is there.
 * `outbox` is what the daemon has not confirmed yet.
 */
export function initialState({ now, session = null, set = null, theme = "auto", seconds = 5, who = "", panel = "labels" }) {
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
    step: 12,
    table: { sort: null, descending: false, filter: "", tracked: null },
    keys: {},
    panel,
    palette: null,
    aim: null,
    writing: null,
    statistics: null,
    scope: "sets",
    seconds,
    selection: null,
    filter: NO_FILTER,
    who,
    outbox: 0,
    said: "",
    refused: "",
    overlay: null,
    rail: false,
    theme,
    problem: "",
  };
}

const isOpen = (session) => session.state !== "ended";
const find = (state, id) => state.sessions.find((session) => session.session_id === id);

/** Choose a session where none is chosen, and go on with the next one where the user follows and the last one has ended. */
function settle(state) {
  const chosen = find(state, state.chosen);
  const open = state.sessions.find((session) => session.state === "live") ?? state.sessions.find(isOpen);
  if (chosen === undefined) {
    const session = open ?? state.sessions[0];
    return session === undefined ? leave(state) : enter(state, session.session_id, true);
  }
  if (state.following && !isOpen(chosen) && open !== undefined && open.created > chosen.created) {
    return enter(state, open.session_id, true);
  }
  return state;
}

const leave = (state) => ({ ...state, chosen: null, selected: null, watched: null, following: true });

const enter = (state, session, following) => ({
  ...state,
  chosen: session,
  selected: null,
  following,
  watched: null,
  palette: null,
  aim: null,
  statistics: null,
  selection: null,
  filter: NO_FILTER,
  said: "",
  refused: "",
  meter: { ...state.meter, arrivals: [], delay: null, lag: null },
});

const pin = (state, set) => (set === null ? state : { ...state, following: false, selected: set, aim: null, selection: null });

/** The same by key: a run of a lane stays selected, so that its ends can be brought here, or it be split here. */
const walk = (state, set) => (set === null ? state : { ...pin(state, set), selection: state.selection?.field ? state.selection : null });

const ranges = (state) => state.watched?.ranges ?? [];

/** The sets that moving stops at: those that pass the filter. */
const walkable = (state) =>
  state.watched !== null && isFiltering(state.filter)
    ? matching(state.watched.labels, state.watched.ranges, state.watched.events, state.filter)
    : ranges(state);

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

const changesOf = ({ type: _, ...changes }) => changes;

const stepped = (runs, from, by) => (by < 0 ? atOrBefore(runs, from - 1) : atOrAfter(runs, from + 1));

/** Select from where selecting began to a set, which comes in sight. */
function extendTo(state, set) {
  if (set === null || state.selected === null) return state;
  const anchor = state.selection?.anchor ?? state.selected;
  const selection = { ranges: [[Math.min(anchor, set), Math.max(anchor, set)]], field: null, anchor };
  return { ...state, following: false, selected: set, selection };
}

const sameEvent = (one, other) =>
  one.time === other.time && one.name === other.name && one.frame_set_id === other.frame_set_id && one.frame === other.frame;

const reducers = {
  page: (state, { status, now }) => ({ ...state, page: { ...state.page, status, since: now } }),

  welcome(state, { server, daemon, link, sessions, now }) {
    const page = { status: "connected", since: now, server };
    const meter = { ...state.meter, dropped: 0 };
    return settle({ ...state, page, meter, daemon, link, sessions });
  },

  state: (state, { daemon, link, sessions }) => settle({ ...state, daemon, link, sessions }),

  session: (state, { session }) => settle(withSession(state, session)),

  watched(state, { session, ranges: runs, events, events_left_out: leftOut, labels, flawed, damaged, unread, offer, used }) {
    if (session !== state.chosen) return state;
    const given = { labels: labels ?? NO_LABELS, flawed: flawed ?? [], damaged: damaged ?? [], unread: unread ?? 0, offer: offer ?? null, used: used ?? {} };
    const watched = { session, ranges: runs, events, leftOut, ...given };
    const keep = !state.following && state.selected !== null;
    return { ...state, watched, selected: keep ? nearest(runs, state.selected) : lastOf(runs) };
  },

  frame_set(state, { session, frame_set: set, now }) {
    const summary = find(state, session);
    if (summary === undefined) return state;
    const number = set.frame_set_id;
    const grown = withSession(state, {
      ...summary,
      frame_sets: summary.frame_sets + 1,
      first_set: Math.min(summary.first_set ?? number, number),
      last_set: Math.max(summary.last_set ?? number, number),
      flawed_sets: summary.flawed_sets + (set.whole ? 0 : 1),
    });
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

  labels(state, { session, labels: given }) {
    if (state.watched?.session !== session) return state;
    const numbers = new Set(given.map((one) => one.frame_set_id));
    const damaged = state.watched.damaged.filter(([number]) => !numbers.has(number));
    const arrived = state.writing?.sent && numbers.has(state.writing.ranges[0][0]);
    return { ...state, writing: arrived ? null : state.writing, watched: { ...state.watched, labels: withLabels(state.watched.labels, given), damaged } };
  },

  preview(state, { session, frame_set: set, delay, lag }) {
    if (session !== state.chosen) return state;
    const selected = state.following ? Math.max(state.selected ?? 0, set.frame_set_id) : state.selected;
    return { ...state, selected, loaded: state.loaded + 1, meter: { ...state.meter, delay, lag } };
  },

  event(state, { session, event }) {
    if (state.watched?.session !== session) return state;
    if (state.watched.events.some((known) => sameEvent(known, event))) return state;
    return { ...state, watched: { ...state.watched, events: [...state.watched.events, event] } };
  },

  dropped: (state, { count }) => ({ ...state, meter: { ...state.meter, dropped: count } }),
  problem: (state, { message }) => ({ ...state, problem: message }),
  loaded: (state) => ({ ...state, loaded: state.loaded + 1 }),

  choose(state, { session }) {
    const summary = find(state, session);
    if (summary === undefined) return state;
    return { ...enter(state, session, isOpen(summary)), rail: false };
  },
  go(state, { session, set }) {
    if (find(state, session) === undefined) return state;
    return session === state.chosen ? pin(state, nearest(ranges(state), set)) : { ...enter(state, session, false), selected: set };
  },
  select(state, { set, extending = false }) {
    const there = nearest(ranges(state), set);
    return extending ? extendTo(state, there) : pin(state, there);
  },
  scrolled: (state) => (state.following ? pin(state, state.selected) : state),
  first: (state) => walk(state, firstOf(walkable(state))),
  step: (state, { by }) => (state.selected === null ? state : walk(state, stepped(walkable(state), state.selected, by) ?? state.selected)),
  stepCell: (state, { by }) =>
    state.selected === null ? state : walk(state, nearest(walkable(state), state.selected + by * state.step)),
  seek(state, { by, beyond = [] }) {
    if (state.watched === null || state.selected === null) return state;
    const { unlabelled, complete } = byStatus(state.watched.labels, state.watched.ranges);
    const open = subtract(subtract(state.watched.ranges, complete), beyond);
    const todo = beyond.length === 0 && unlabelled.length > 0 ? unlabelled : open;
    const found = stepped(todo, state.selected, by) ?? (by < 0 ? lastOf(todo) : firstOf(todo));
    return found === null ? { ...state, said: "Every set is complete." } : pin(state, found);
  },
  extend(state, { by }) {
    return state.selected === null ? state : extendTo(state, stepped(ranges(state), state.selected, by) ?? state.selected);
  },
  range(state, { first, last, field = null }) {
    const anchor = Math.min(first, last);
    const selection = { ranges: [[anchor, Math.max(first, last)]], field, anchor };
    return { ...state, following: false, selection };
  },
  rangeEnd(state, { end }) {
    if (state.selected === null) return state;
    const range = trimmed(state, end);
    return { ...state, following: false, selection: { ranges: [range], field: state.selection?.field ?? null, anchor: range[0] } };
  },
  run(state) {
    const selection = runHere(state);
    return selection === null ? { ...state, said: "No lane has a label here." } : { ...state, following: false, selection, said: "" };
  },
  split(state) {
    const { field, ranges: chosen } = state.selection ?? {};
    const [first, last] = chosen?.[0] ?? [];
    if (!field || state.selected <= first || state.selected > last) return state;
    return { ...state, selection: { ...state.selection, ranges: [[state.selected, last]] }, palette: field };
  },
  selectFiltered(state) {
    const runs = walkable(state);
    return runs.length === 0 ? state : { ...state, following: false, selection: { ranges: runs, field: null, anchor: runs[0][0] } };
  },
  follow(state) {
    const chosen = find(state, state.chosen);
    const live = state.sessions.find((session) => session.state === "live");
    if (live !== undefined && (chosen === undefined || !isOpen(chosen))) return enter(state, live.session_id, true);
    return { ...state, following: true, selected: lastOf(ranges(state)), selection: null };
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
  palette(state, { field }) {
    if (state.watched === null) return state;
    const palette = state.palette === field ? null : field;
    return { ...state, panel: "labels", palette, aim: palette === null ? null : (state.aim ?? state.selected), refused: "" };
  },
  panel: (state, { name }) => ({ ...state, panel: name ?? (state.panel === "labels" ? "memory" : "labels") }),
  statistics: (state, { session, statistics }) => (session === state.chosen ? { ...state, statistics } : state),
  given: (state) => ({ ...state, palette: null, aim: null }),
  write(state, { text }) {
    const begun = state.writing?.sent === false ? state.writing : { session: state.chosen, ranges: targets(state), sent: false };
    return { ...state, writing: { ...begun, text } };
  },
  written: (state, { sent }) => ({ ...state, writing: sent ? { ...state.writing, sent } : null }),
  scope: (state, { scope }) => ({ ...state, scope, refused: "" }),
  seconds: (state, { seconds }) => ({ ...state, scope: "recent", seconds: Math.min(Math.max(seconds || 1, 1), 600) }),
  name: (state, { who }) => ({ ...state, who }),
  keymap: (state, { keys, problems }) => ({ ...state, keys, problem: problems[0] ?? state.problem }),
  find: (state, filter) => ({ ...state, filter: { ...state.filter, ...changesOf(filter) } }),
  filterUnlabelled: (state) => ({ ...state, filter: { ...state.filter, status: state.filter.status === "unlabelled" ? "all" : "unlabelled" } }),
  outbox: (state, { waiting }) => ({ ...state, outbox: waiting }),
  said: (state, { text }) => ({ ...state, said: text, refused: "", writing: state.writing?.sent ? null : state.writing }),
  refused: (state, { message }) => ({ ...state, refused: message, said: "", writing: state.writing && { ...state.writing, sent: false } }),
  close(state) {
    if (state.overlay !== null) return { ...state, overlay: null };
    if (state.palette !== null) return { ...state, palette: null, aim: null };
    if (state.selection !== null) return { ...state, selection: null };
    return isFiltering(state.filter) ? { ...state, filter: NO_FILTER } : { ...state, refused: "" };
  },

  filter: (state, { text }) => ({ ...state, table: { ...state.table, filter: text } }),
  track: (state, { address }) => ({
    ...state,
    table: { ...state.table, tracked: state.table.tracked === address ? null : address },
  }),

  overlay: (state, { name }) => ({ ...state, overlay: state.overlay === name ? null : name }),
  rail: (state) => ({ ...state, rail: !state.rail }),
  theme: (state) => ({ ...state, theme: THEMES[(THEMES.indexOf(state.theme) + 1) % THEMES.length] }),
};

/** The state after an action; the same object where nothing changed. Unknown actions change nothing. */
export const reduce = (state, action) => reducers[action.type]?.(state, action) ?? state;
