/** What follows from the state. Pure. */
import { clock } from "./format.js";

const WINDOW = 2000;

export const chosenSession = (state) => state.sessions.find((session) => session.session_id === state.chosen);

/** Frame sets per second over the last two seconds; what was waiting when the session was opened came at once and is no measure. */
export function rateOf(state, now) {
  const [first] = state.meter.arrivals;
  if (first === undefined || now - first < WINDOW) return 0;
  const recent = state.meter.arrivals.filter((time) => time <= now && now - time < WINDOW);
  return recent.length / (WINDOW / 1000);
}

/**
 * How things stand, in a word or two and in a sentence that says what to do; the worst first.
 * @returns {{tone: "live" | "lost" | "idle" | "done", text: string, advice: string}}
 */
export function situation(state) {
  const { page, daemon } = state;
  if (page.status === "lost") {
    return {
      tone: "lost",
      text: `Page server lost since ${clock(page.since)}`,
      advice: "Trying again. Recording does not depend on this page.",
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

/** Whether nothing is being recorded, so that the page should say how to start. */
export const isWaiting = (state) =>
  state.page.status === "connected" &&
  state.daemon.status === "up" &&
  !state.sessions.some((session) => session.state !== "ended");

/** Whether there is nothing at all to show yet. */
export const isAlone = (state) => state.sessions.length === 0;

/** What kind of thing an event is, for its mark: a break in the recording's time, something lost, something the user set. */
export function eventTone(name) {
  if (["savestate_loaded", "reset", "rewind", "jump", "rom_changed"].includes(name)) return "break";
  if (name === "mark") return "mark";
  if (["gap", "error", "mirror_differs"].includes(name)) return "loss";
  return "note";
}
