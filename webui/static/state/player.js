/**
 * Player of a recording: its clock, the frame sets that it needs ahead, and its actions. Pure.
 *
 * The clock runs on whether pictures come or not: those that are late are skipped. A frame set is only made the current one once it is
 * here, so that labels go to the picture in sight. Sets that were not recorded take no time. Audio is not recorded.
 */
import { CONSOLE } from "./console.js";
import { FIELDS } from "./labels.js";
import { atOrAfter, countOf, firstOf, indexAt, intersect, lastOf } from "./ranges.js";
import { runAt } from "./runs.js";
import { selectRun } from "./selection.js";
import { chosenSession, framesPerSet } from "./selectors.js";
import { filteredSets } from "./set_filter.js";

export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16];

/** Pictures per second at most; at higher speeds some are left out. */
const MAX_PICTURES = 30;
/** Seconds that are fetched ahead. */
const AHEAD_S = 1.5;
/** Time in ms that passes in one step of the clock at most: a page that was hidden goes on where it was. */
const MAX_TICK_MS = 250;

/**
 * - `speed`: times real time; `loop`: null or `[first, last]`, the sets that are played again and again
 * - `lane`: the label field, or `watch NAME`, by whose changes one steps
 */
export const PAUSED = { isPlaying: false, speed: 1, loop: null, lane: FIELDS[0] };

/** Frame sets per second at the chosen speed. */
export const setsPerSecond = (state) => (state.player.speed * CONSOLE.frames_per_second) / framesPerSet(chosenSession(state));

/** The sets that are played: those of the loop, or those that match the filter. @returns {import("./ranges.js").Ranges} */
export function playedSets(state) {
  const sets = filteredSets(state);
  return state.player.loop === null ? sets : intersect(sets, [state.player.loop]);
}

/** The set `count` sets after `number` in ranges that hold it; null past the end. @param {import("./ranges.js").Ranges} ranges */
export function setAfter(ranges, number, count) {
  let left = count;
  let from = number;
  for (let index = indexAt(ranges, number); index < ranges.length; index += 1) {
    const [first, last] = ranges[index];
    from = Math.max(from, first);
    if (from + left <= last) return from + left;
    left -= last - from + 1;
  }
  return null;
}

/** The same in a loop, which begins again after its last set. */
function setInLoop(sets, number, count) {
  const place = countOf(intersect(sets, [[firstOf(sets), number - 1]])) + count;
  return setAfter(sets, firstOf(sets), place % countOf(sets));
}

/**
 * The state of the clock. `at`: ms; `set`: the one that is due, the `turn`-th since the start; `owed`: share of the next one that has
 * passed; `isOver`: the last set has been due as long as any.
 * @typedef {{at: number, set: number, turn: number, owed: number, isOver: boolean}} Clock
 * @returns {Clock}
 */
export const startClock = (now, set) => ({ at: now, set, turn: 0, owed: 0, isOver: false });

/** The clock at a later time. @param {Clock} clock @param {{sets: import("./ranges.js").Ranges, rate: number, isLoop: boolean}} play @returns {Clock} */
export function clockAt(clock, now, { sets, rate, isLoop }) {
  const owed = clock.owed + (Math.min(now - clock.at, MAX_TICK_MS) / 1000) * rate;
  const count = Math.floor(owed);
  if (count === 0 || sets.length === 0) return { ...clock, at: now, owed, isOver: sets.length === 0 };
  const set = laterSet(sets, clock.set, count, isLoop);
  if (set === null) return { ...clock, at: now, set: lastOf(sets), owed: 0, isOver: true };
  return { at: now, set, turn: clock.turn + count, owed: owed - count, isOver: false };
}

const laterSet = (sets, from, count, isLoop) => (isLoop ? setInLoop(sets, from, count) : setAfter(sets, from, count));

/**
 * The turns to be fetched next, with their sets: as many as there are places free, none that would come too late.
 * @param {Clock} clock @param {number} asked the last turn that was asked for @param {number} latency seconds that a set takes to come
 * @returns {{turn: number, set: number}[]}
 */
export function turnsAhead(clock, { sets, rate, isLoop }, { asked, places, latency }) {
  const stride = Math.max(1, Math.ceil(rate / MAX_PICTURES));
  const inTime = clock.turn + Math.ceil(latency * rate);
  const most = clock.turn + Math.ceil(Math.max(AHEAD_S, 2 * latency) * rate) + stride;
  const turns = [];
  for (let turn = Math.max(asked + stride, Math.min(inTime, most), clock.turn + 1); turn <= most && turns.length < places; turn += stride) {
    const set = laterSet(sets, clock.set, turn - clock.turn, isLoop);
    if (set === null) {
      const last = lastOf(sets);
      const end = clock.turn + countOf(intersect(sets, [[clock.set, last]])) - 1;
      if (end > asked && end > clock.turn) turns.push({ turn: end, set: last });
      break;
    }
    turns.push({ turn, set });
  }
  return turns;
}

/** The latest turn that is due and here, or undefined. @param {{turn: number, set: number, isHere: boolean}[]} turns ascending */
export const shownTurn = (turns, clock) => turns.findLast(({ turn, isHere }) => isHere && turn <= clock.turn);

/**
 * The set of the next or previous change of a label, or null.
 * @param {import("./runs.js").Runs} runs @param {import("./ranges.js").Ranges} sets
 */
export function labelChange(runs, sets, from, by) {
  const starts = [];
  const near = indexAt(runs, by > 0 ? from : from - 1);
  for (const [first, last] of runs.slice(Math.max(near - 2, 0), near + 3)) starts.push(first, last + 1);
  return nextOf(starts.map((start) => atOrAfter(sets, start)), from, by);
}

/** The first set after `from` of those at which something changes, or the last one before it; null where there is none. */
function nextOf(numbers, from, by) {
  const found = numbers.filter((number) => number !== null && (by > 0 ? number > from : number < from));
  if (found.length === 0) return null;
  return by > 0 ? Math.min(...found) : Math.max(...found);
}

const withPlayer = (state, changed) => ({ ...state, player: { ...state.player, ...changed } });
const isLive = (state) => chosenSession(state)?.state === "live";

/** The state after the session's end was reached: on to the frame sets that are being recorded, or at rest. */
const atEnd = (state) => {
  const paused = withPlayer(state, { isPlaying: false });
  return isLive(state) ? { ...paused, following: true, selection: null, selected: lastOf(state.watched.ranges) } : paused;
};

/** Pause where a person did something that moves on, or that needs the picture to stay: chose a set, opened a list of values. */
export function withPauseByHand(before, after, action) {
  if (!before.player.isPlaying || !after.player.isPlaying || action.type === "played") return after;
  const isMoved = after.chosen !== before.chosen || after.selected !== before.selected || after.following;
  const isOpened = after.optionList !== null && before.optionList === null;
  return isMoved || isOpened ? withPlayer(after, { isPlaying: false }) : after;
}

export const playerReducers = {
  /** Play, or pause. Pausing while the page follows live stays at the current set; playing at the end begins again, or follows. */
  play(state) {
    const { player, selected, following } = state;
    if (selected === null) return state;
    if (state.watched === null) return { ...state, notice: "The session is still being read. Play it in a moment." };
    if (player.isPlaying) return withPlayer(state, { isPlaying: false });
    if (following && isLive(state)) return { ...state, following: false };
    const sets = playedSets(state);
    const isOver = setAfter(sets, selected, 1) === null;
    if (sets.length === 0 || (isOver && player.loop === null && isLive(state))) return atEnd(state);
    const from = isOver || atOrAfter(sets, selected) === null ? firstOf(sets) : atOrAfter(sets, selected);
    return withPlayer({ ...state, following: false, selected: from }, { isPlaying: true });
  },
  /** A set that was due is here. */
  played: (state, { set }) => (state.player.isPlaying ? { ...state, selected: set } : state),
  playedOut: (state) => (state.player.isPlaying ? atEnd(state) : state),
  speed: (state, { speed }) => withPlayer(state, { speed }),
  changeSpeed: (state, { by }) => withPlayer(state, { speed: SPEEDS[Math.min(Math.max(SPEEDS.indexOf(state.player.speed) + by, 0), SPEEDS.length - 1)] }),
  /** Loop the selection or the run at the current set, or loop no longer. */
  loop(state) {
    if (state.player.loop !== null) return withPlayer(state, { loop: null });
    const run = runAt(state.watched?.labels[state.player.lane] ?? [], state.selected);
    const ranges = state.selection?.ranges ?? (run && [run]) ?? selectRun(state)?.ranges;
    if (ranges === undefined) return { ...state, notice: "Nothing to loop: select sets, or go to a labelled one." };
    return withPlayer(state, { loop: [firstOf(ranges), lastOf(ranges)] });
  },
  /** Choose the lane by whose changes one steps. */
  stepLane: (state, { lane }) => withPlayer(state, { lane }),
};
