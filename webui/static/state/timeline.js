/**
 * The geometry of the film strip. Pure. A frame set's place is its number times a scale, so that whatever is drawn along the
 * strip (cells, marks, the playhead) shares one linear axis. A cell stands for `step` frame sets and shows the first of them.
 *
 * Browsers limit how wide an element can be, so beyond `MAX_SCROLL` the scroll bar moves in larger steps than the strip.
 */
import { atOrAfter } from "./ranges.js";

export const CELL = 124;
export const STEPS = [1, 4, 12, 60, 300, 1800];
const MAX_SCROLL = 8_000_000;

/**
 * @typedef {{first: number, last: number, step: number, perSet: number, total: number, width: number, scroll: number}} Axis
 * @param {{first: number, last: number, step: number, width: number}} extent `width`: of what is visible, in px
 * @returns {Axis}
 */
export function axisOf({ first, last, step, width }) {
  const perSet = CELL / step;
  const total = (last - first + 1) * perSet;
  return { first, last, step, perSet, total, width, scroll: Math.min(total, MAX_SCROLL) };
}

/** Pixels of the strip left of the visible part. @param {Axis} axis */
export function leftOf(axis, scrollLeft) {
  const room = axis.scroll - axis.width;
  return room <= 0 ? 0 : (scrollLeft / room) * (axis.total - axis.width);
}

/** The scroll position that brings `left` to the left edge. @param {Axis} axis */
export function scrollFor(axis, left) {
  const room = axis.total - axis.width;
  return room <= 0 ? 0 : (Math.min(Math.max(left, 0), room) / room) * (axis.scroll - axis.width);
}

/** Where a frame set begins, in pixels from the strip's beginning. @param {Axis} axis */
export const xOf = (axis, number) => (number - axis.first) * axis.perSet;

/** The frame set at a place, in or out of the session's extent. @param {Axis} axis */
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
 * The cells that are visible. `set` is the frame set whose picture a cell shows, null where all of its sets are missing.
 * @param {Axis} axis
 * @param {import("./ranges.js").Ranges} ranges
 * @returns {{from: number, to: number, set: number | null, x: number, width: number}[]}
 */
export function cellsOf(axis, ranges, left) {
  const cells = [];
  const bucket = (number) => Math.floor(number / axis.step) * axis.step;
  const end = Math.min(axis.last, numberAt(axis, left + axis.width));
  for (let from = bucket(Math.max(axis.first, numberAt(axis, left))); from <= end; from += axis.step) {
    const to = from + axis.step - 1;
    const start = Math.max(from, axis.first);
    const set = atOrAfter(ranges, start);
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

/** Things with a `frame_set_id` that lie in the visible part, gathered where they would overlap. @param {Axis} axis */
export function marksOf(axis, things, left, apart = 12) {
  const groups = [];
  for (const thing of things) {
    const x = xOf(axis, thing.frame_set_id) - left;
    if (x < -apart || x > axis.width + apart) continue;
    const open = groups[groups.length - 1];
    if (open !== undefined && x - open.x < apart) open.things.push(thing);
    else groups.push({ x, things: [thing] });
  }
  return groups;
}
