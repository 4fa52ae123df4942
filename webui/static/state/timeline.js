/**
 * Geometry of the film strip. Pure.
 *
 * A frame set's position is its number times a scale, so that everything drawn along the strip (cells, marks, the playhead)
 * shares one linear axis. A cell stands for `step` frame sets and shows the first of them; zoomed out,
 * that of the longest scene that begins in it.
 *
 * Browsers limit how wide an element can be, so beyond `MAX_SCROLL` the scroll bar moves in larger steps than the strip.
 */
import { memoized } from "./memoized.js";
import { atOrAfter, countBefore } from "./ranges.js";
import { eventTone } from "./selectors.js";

/** Width of a cell in px. */
const CELL = 124;
/** Frame sets in a cell, by zoom. */
export const STEPS = [1, 4, 12, 60, 300, 1800];
/** Frame sets in a cell from which on a cell shows a scene: five seconds. */
const ZOOMED_OUT = 60;
const MAX_SCROLL = 8_000_000;

/**
 * @typedef {{first: number, last: number, step: number, perSet: number, total: number, width: number, scroll: number}} Axis
 * @param {{first: number, last: number, step: number, width: number}} extent `width`: of the visible part, in px
 * @returns {Axis}
 */
export function axisOf({ first, last, step, width }) {
  const perSet = CELL / step;
  const total = (last - first + 1) * perSet;
  return { first, last, step, perSet, total, width, scroll: Math.min(total, MAX_SCROLL) };
}

/** Pixels of the strip left of the visible part. @param {Axis} axis */
export function leftOf(axis, scrollLeft) {
  const range = axis.scroll - axis.width;
  return range <= 0 ? 0 : (scrollLeft / range) * (axis.total - axis.width);
}

/** The scroll position that brings `left` to the left edge. @param {Axis} axis */
export function scrollFor(axis, left) {
  const range = axis.total - axis.width;
  return range <= 0 ? 0 : (Math.min(Math.max(left, 0), range) / range) * (axis.scroll - axis.width);
}

/** Pixels of a line, where a browser counts a turn of the wheel in lines. */
const WHEEL_LINE = 40;

/**
 * The way along the axis of a turn of the wheel, in pixels: forward for down as for right. 0 where it zooms the page.
 * @param {{deltaX: number, deltaY: number, deltaMode: number, ctrlKey: boolean}} turn as of a WheelEvent
 * @param {Axis} axis
 */
export function wheelWay({ deltaX, deltaY, deltaMode, ctrlKey }, axis) {
  if (ctrlKey) return 0;
  const way = Math.abs(deltaX) > Math.abs(deltaY) ? deltaX : deltaY;
  return way * [1, WHEEL_LINE, axis.width][deltaMode];
}

/** The position of a frame set, in pixels from the strip's start. @param {Axis} axis */
export const xOf = (axis, number) => (number - axis.first) * axis.perSet;

/** The frame set at a position, in or out of the session's extent. @param {Axis} axis */
export const numberAt = (axis, x) => axis.first + Math.floor(x / axis.perSet);

/** The scroll position that shows a frame set with as little movement as possible. @param {Axis} axis */
export function reveal(axis, number, scrollLeft) {
  const left = leftOf(axis, scrollLeft);
  const margin = Math.min(CELL, axis.width / 4);
  const x = xOf(axis, number);
  if (x < left + margin) return scrollFor(axis, x - margin);
  const right = x + axis.perSet;
  return right > left + axis.width - margin ? scrollFor(axis, right - axis.width + margin) : scrollLeft;
}

/**
 * The sets at which something else begins to be shown: another context or scene by its label, or a jump in time.
 * @type {(context: import("./runs.js").Runs, scene: import("./runs.js").Runs, events: {name: string, frame_set_id: number}[]) => number[]}
 *   ascending
 */
export const scenesOf = memoized((context, scene, events) => {
  const begun = [...context, ...scene].flatMap(([first, last]) => [first, last + 1]);
  const jumped = events.filter(({ name }) => eventTone(name) === "break").map((event) => event.frame_set_id);
  return [...new Set([...begun, ...jumped])].sort((one, other) => one - other);
});

/** The scene that lasts longest, of those that begin in `[first, last]`; null where none does. @param {number[]} scenes */
function longestScene(scenes, first, last) {
  let longest = null;
  let length = 0;
  for (let index = countBefore(scenes, (scene) => scene < first); index < scenes.length && scenes[index] <= last; index += 1) {
    const lasts = Math.min(scenes[index + 1] ?? Infinity, last + 1) - scenes[index];
    if (lasts > length) [longest, length] = [scenes[index], lasts];
  }
  return longest;
}

/**
 * The visible cells. `set` is the frame set whose screenshot a cell shows, null where all of its sets are missing.
 * @param {Axis} axis
 * @param {import("./ranges.js").Ranges} ranges
 * @param {number[]} scenes as of `scenesOf`
 * @returns {{from: number, to: number, set: number | null, x: number, width: number}[]}
 */
export function cellsOf(axis, ranges, left, scenes = []) {
  const cells = [];
  const bucket = (number) => Math.floor(number / axis.step) * axis.step;
  const end = Math.min(axis.last, numberAt(axis, left + axis.width));
  for (let from = bucket(Math.max(axis.first, numberAt(axis, left))); from <= end; from += axis.step) {
    const to = from + axis.step - 1;
    const start = Math.max(from, axis.first);
    const scene = axis.step < ZOOMED_OUT ? null : longestScene(scenes, start, to);
    const begun = scene === null ? null : atOrAfter(ranges, scene);
    const set = begun !== null && begun <= to ? begun : atOrAfter(ranges, start);
    cells.push({
      from: start,
      to: Math.min(to, axis.last),
      set: set !== null && set <= to ? set : null,
      x: xOf(axis, start) - left,
      width: (Math.min(to, axis.last) - start + 1) * axis.perSet,
    });
  }
  return cells;
}

/** The visible events, grouped where their marks would overlap. @param {Axis} axis @param {{frame_set_id: number}[]} events */
export function marksOf(axis, events, left, minDistance = 12) {
  const groups = [];
  for (const event of events) {
    const x = xOf(axis, event.frame_set_id) - left;
    if (x < -minDistance || x > axis.width + minDistance) continue;
    const group = groups[groups.length - 1];
    if (group !== undefined && x - group.x < minDistance) group.events.push(event);
    else groups.push({ x, events: [event] });
  }
  return groups;
}
