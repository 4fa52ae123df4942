/** Selectors: values derived from the state. Pure. */
import { clock } from "./format.js";

const RATE_WINDOW_MS = 2000;

export const chosenSession = (state) => state.sessions.find((session) => session.session_id === state.chosen);

/** True while a memory view is in sight. @param {boolean} isWide labels have a column of their own */
export const isMemoryShown = (state, isWide) => state.panel === "memory" || (state.panel === "labels" && isWide);

/** The name that a session gets by itself: when it began, and the game's. */
const GIVEN_NAME = /^\d{8}-\d{6}-/;

/**
 * The names of a session, the more telling first: its own where a person chose it, else the game's. The other is empty where it is
 * not known.
 * @returns {[string, string]}
 */
export function namesOf({ session_id: own, game_name: game }) {
  if (!game) return [own, ""];
  return GIVEN_NAME.test(own) ? [game, own] : [own, game];
}

/** Frames in a set of a session, or the default where it is not known yet. */
export const framesPerSet = (session) => session?.frames_per_set ?? 5;

/** True while the picture of the current set is not in sight, because it is late or could not be fetched. */
export const isPictureMissing = ({ missing, chosen, selected }) => missing !== null && missing.session === chosen && missing.set === selected;

/** True where no picture is on its way: there is no session or no frame set, or it could not be fetched. */
export const hasNothingToDraw = ({ page, sessions, watched, missing }) =>
  page.status === "connected" && (sessions.length === 0 || watched?.ranges.length === 0 || Boolean(missing?.problem));

/** The latched labels of the chosen session. @returns {Record<string, string | string[]>} */
export const latchedOf = (state) => chosenSession(state)?.latched ?? {};

/** Frame sets per second over the last two seconds; 0 before that, for the backlog of a session arrives at once. */
export function rateOf(state, now) {
  const [first] = state.meter.arrivals;
  if (first === undefined || now - first < RATE_WINDOW_MS) return 0;
  const recent = state.meter.arrivals.filter((time) => time <= now && now - time < RATE_WINDOW_MS);
  return recent.length / (RATE_WINDOW_MS / 1000);
}

/**
 * The connection status in a word or two, with advice; the worst problem first.
 * @returns {{tone: "live" | "lost" | "idle" | "done", text: string, advice: string}}
 */
export function connectionStatus(state) {
  const { page, daemon } = state;
  if (page.status === "lost") {
    return {
      tone: "lost",
      text: `Page server lost since ${clock(page.since)}`,
      advice: "Reconnecting. Recording goes on without this page.",
    };
  }
  if (page.status === "connecting") return { tone: "idle", text: "Connecting", advice: "" };
  if (daemon.status === "down") {
    return {
      tone: "lost",
      text: `Daemon lost since ${clock(daemon.since)}`,
      advice: "Start it again with gbatrace serve. Every frame set up to then is on disk.",
    };
  }
  if (daemon.status === "waiting") {
    return {
      tone: "idle",
      text: "Looking for the daemon",
      advice: "It has not answered yet. Start it with gbatrace serve.",
    };
  }
  const session = chosenSession(state);
  if (session === undefined) return { tone: "idle", text: "Waiting for BizHawk", advice: "" };
  if (session.state === "live") return { tone: "live", text: "Live", advice: "" };
  if (session.state === "lost") {
    return {
      tone: "lost",
      text: `BizHawk lost since ${clock(session.since)}`,
      advice: "The session goes on as soon as BizHawk is back. Nothing recorded is lost.",
    };
  }
  return { tone: "done", text: `Ended ${clock(session.since)}`, advice: "" };
}

/** True while the daemon is up and no session is open: the page then explains how to start one. */
export const isIdle = (state) =>
  state.page.status === "connected" &&
  state.daemon.status === "up" &&
  !state.sessions.some((session) => session.state !== "ended");

export const hasNoSessions = (state) => state.sessions.length === 0;

/** The tone of an event's mark: a break in the recording's time, a loss, a user's mark, or a note. */
export function eventTone(name) {
  if (["savestate_loaded", "reset", "rewind", "jump", "rom_changed"].includes(name)) return "break";
  if (name === "mark") return "mark";
  if (["gap", "error", "mirror_differs"].includes(name)) return "loss";
  return "note";
}
