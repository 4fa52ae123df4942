/**
 * The page's state and everything that can happen to it. Pure: what a browser shows follows from the messages it got and
 * from what its user did. Pictures and memory changes are not in here; they stand in the bounded cache of `link/frame_sets.js`.
 *
 * `following` is latched: while it is set, the newest frame set is selected and the strip stands at its end. Whatever the user
 * selects or scrolls to releases it, and nothing but the user sets it again.
 */
import { atOrAfter, atOrBefore, firstOf, lastOf, nearest, withNumber } from "./ranges.js";
import { STEPS } from "./timeline.js";

const MAX_ARRIVALS = 64;
const THEMES = ["auto", "dark", "light"];

export function initialState({ now, session = null, set = null, theme = "auto" }) {
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
  meter: { ...state.meter, arrivals: [], delay: null, lag: null },
});

const pin = (state, set) => (set === null ? state : { ...state, following: false, selected: set });

const ranges = (state) => state.watched?.ranges ?? [];

const withSession = (state, summary) => {
  const known = state.sessions.some((session) => session.session_id === summary.session_id);
  const sessions = known
    ? state.sessions.map((session) => (session.session_id === summary.session_id ? summary : session))
    : [summary, ...state.sessions];
  return { ...state, sessions };
};

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

  watched(state, { session, ranges: runs, events, events_left_out: leftOut }) {
    if (session !== state.chosen) return state;
    const watched = { session, ranges: runs, events, leftOut };
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
    return {
      ...grown,
      watched: { ...state.watched, ranges: withNumber(state.watched.ranges, number) },
      meter: { ...state.meter, arrivals: [...state.meter.arrivals.slice(1 - MAX_ARRIVALS), now] },
    };
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
  select: (state, { set }) => pin(state, nearest(ranges(state), set)),
  scrolled: (state) => (state.following ? pin(state, state.selected) : state),
  first: (state) => pin(state, firstOf(ranges(state))),
  step(state, { by }) {
    if (state.selected === null) return state;
    const next = by < 0 ? atOrBefore(ranges(state), state.selected - 1) : atOrAfter(ranges(state), state.selected + 1);
    return pin(state, next ?? state.selected);
  },
  stepCell: (state, { by }) =>
    state.selected === null ? state : pin(state, nearest(ranges(state), state.selected + by * state.step)),
  follow(state) {
    const chosen = find(state, state.chosen);
    const live = state.sessions.find((session) => session.state === "live");
    if (live !== undefined && (chosen === undefined || !isOpen(chosen))) return enter(state, live.session_id, true);
    return { ...state, following: true, selected: lastOf(ranges(state)) };
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
