/**
 * State of the session in view: connection, sessions, frame sets and labels of the chosen one, its current set. Pure.
 *
 * It is what the first picture needs. `reducer.js` adds the rest of the page's state, and the actions that need it.
 * Actions are the server's messages and the user's. Screenshots and memory changes are in the cache of `link/frame_set_cache.js`.
 *
 * While `following` is set, the newest frame set is the current one and the strip stays at its end. Every choice or scroll of
 * the user ends it, and only the user starts it again. Playing is paused by them in the same way.
 */
import { NO_LABELS, withLabels } from "./labels.js";
import { lastOf, nearest, withNumber } from "./ranges.js";

const MAX_ARRIVALS = 64;
const THEMES = ["auto", "dark", "light"];

/**
 * - `chosen`, `selected`: the session and the frame set in view, called the current set
 * - `watched`: frame sets, events and labels of the chosen session, once they have come
 * - `meter`: arrival times of sets, delays and dropped previews, for the header
 * - `loaded`: number of frame sets that came into the cache, so that the view changes with it
 * - `missing`: null or `{session, set, problem}`, the frame set whose picture is late, or could not be fetched and why
 * - `selection`: null or `{ranges, field, anchor}`, the selected sets; `field` where they are a run of a lane
 * - `overlay`: the open dialog; `rail`: whether the list of sessions is open
 * - `workspace`: `awaited`, `here`, or `late` where what is around the picture could not be fetched yet
 * @param {object} start `now`, the `session` and the `set` of the address bar, and preferences, see `link/persistence.js`
 */
export function initialSession({ now, session = null, set = null, ...preferences }) {
  return {
    theme: "auto",
    ...preferences,
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
    selection: null,
    keys: {},
    overlay: null,
    rail: false,
    problem: "",
    workspace: "awaited",
  };
}

export const isOpen = (session) => session.state !== "ended";
export const sessionOf = (state, id) => state.sessions.find((session) => session.session_id === id);

/** The frame sets of the chosen session. @returns {import("./ranges.js").Ranges} */
export const recordedSets = (state) => state.watched?.ranges ?? [];

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

/** Open a session, at its end once that is known. @param {boolean} following */
export const openSession = (state, session, following) => ({
  ...state,
  chosen: session,
  selected: null,
  following,
  watched: null,
  meter: { ...state.meter, arrivals: [], delay: null, lag: null },
});

/** Make a set the current one, and stop following. */
export const goTo = (state, set) => (set === null ? state : { ...state, following: false, selected: set, optionListTarget: null, selection: null });

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

const sameEvent = (one, other) =>
  one.time === other.time && one.name === other.name && one.frame_set_id === other.frame_set_id && one.frame === other.frame;

export const sessionReducers = {
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

  labels(state, { session, labels: sets }) {
    if (state.watched?.session !== session) return state;
    const numbers = new Set(sets.map((set) => set.frame_set_id));
    const damaged = state.watched.damaged.filter(([number]) => !numbers.has(number));
    return { ...state, watched: { ...state.watched, labels: withLabels(state.watched.labels, sets), damaged } };
  },

  /** The options after an edit of the label set, by anybody. */
  label_options: (state, { session, label_options: labelOptions }) =>
    state.watched?.session === session ? { ...state, watched: { ...state.watched, labelOptions } } : state,

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
    return session === state.chosen ? goTo(state, nearest(recordedSets(state), set)) : { ...openSession(state, session, false), selected: set };
  },
  keymap: (state, { keys, problems }) => ({ ...state, keys, problem: problems[0] ?? state.problem }),
  overlay: (state, { name }) => ({ ...state, overlay: state.overlay === name ? null : name }),
  rail: (state) => ({ ...state, rail: !state.rail }),
  theme: (state) => ({ ...state, theme: THEMES[(THEMES.indexOf(state.theme) + 1) % THEMES.length] }),
  workspace: (state, { status }) => ({ ...state, workspace: status }),
};

/** The state after an action; the same object where nothing changed. Unknown actions change nothing. */
export const reduceSession = (state, action) => sessionReducers[action.type]?.(state, action) ?? state;
