/**
 * Ranges of frame-set numbers: ascending `[first, last]` that neither touch nor overlap. Pure.
 * @typedef {[number, number][]} Ranges
 */

/**
 * The number of elements at the beginning of a sorted list that are before something; found by bisection.
 * @template Element @param {Element[]} list @param {(element: Element) => boolean} isBefore
 */
export function countBefore(list, isBefore) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(list[middle])) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The index of the range that holds `number`, or of the first one after it; the length where there is none.
 * @param {Ranges | import("./runs.js").Runs} ranges
 */
export const indexAt = (ranges, number) => countBefore(ranges, ([, last]) => last < number);

/** @param {Ranges} ranges */
export const firstOf = (ranges) => (ranges.length ? ranges[0][0] : null);

/** @param {Ranges} ranges */
export const lastOf = (ranges) => (ranges.length ? ranges[ranges.length - 1][1] : null);

/** @param {Ranges} ranges */
export const countOf = (ranges) => ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);

/** @param {Ranges} ranges */
export function has(ranges, number) {
  const range = ranges[indexAt(ranges, number)];
  return range !== undefined && range[0] <= number;
}

/** The first number of the ranges at or after `number`, or null. @param {Ranges} ranges */
export function atOrAfter(ranges, number) {
  const range = ranges[indexAt(ranges, number)];
  return range === undefined ? null : Math.max(range[0], number);
}

/** The last number of the ranges at or before `number`, or null. @param {Ranges} ranges */
export function atOrBefore(ranges, number) {
  const index = indexAt(ranges, number);
  if (ranges[index]?.[0] <= number) return number;
  return index > 0 ? ranges[index - 1][1] : null;
}

/** The number of the ranges that lies closest to `number`, or null. @param {Ranges} ranges */
export function nearest(ranges, number) {
  const before = atOrBefore(ranges, number);
  const after = atOrAfter(ranges, number);
  if (before === null || after === null) return before ?? after;
  return number - before <= after - number ? before : after;
}

/** `ranges` with `number` added; the same object where it is in them already. @param {Ranges} ranges @returns {Ranges} */
export function withNumber(ranges, number) {
  if (has(ranges, number)) return ranges;
  const index = indexAt(ranges, number);
  const before = ranges[index - 1];
  const after = ranges[index];
  const joinsBefore = before !== undefined && before[1] === number - 1;
  const joinsAfter = after !== undefined && after[0] === number + 1;
  const joined = [joinsBefore ? before[0] : number, joinsAfter ? after[1] : number];
  return [...ranges.slice(0, joinsBefore ? index - 1 : index), joined, ...ranges.slice(joinsAfter ? index + 1 : index)];
}

/** The ranges missing between the first and the last number. @param {Ranges} ranges @returns {Ranges} */
export const gapsOf = (ranges) => ranges.slice(1).map(([first], index) => [ranges[index][1] + 1, first - 1]);

/** The numbers in both. @param {Ranges} one @param {Ranges} other @returns {Ranges} */
export function intersect(one, other) {
  const both = [];
  const start = Math.max(firstOf(one) ?? 0, firstOf(other) ?? 0);
  for (let i = indexAt(one, start), j = indexAt(other, start); i < one.length && j < other.length; ) {
    const first = Math.max(one[i][0], other[j][0]);
    const last = Math.min(one[i][1], other[j][1]);
    if (first <= last) both.push([first, last]);
    if (one[i][1] < other[j][1]) i += 1;
    else j += 1;
  }
  return both;
}

/** The numbers in `one` and not in `other`. @param {Ranges} one @param {Ranges} other @returns {Ranges} */
export function subtract(one, other) {
  const rest = [];
  let j = indexAt(other, firstOf(one) ?? 0);
  for (const [first, last] of one) {
    let from = first;
    while (j < other.length && other[j][1] < from) j += 1;
    for (let k = j; k < other.length && other[k][0] <= last; k += 1) {
      if (other[k][0] > from) rest.push([from, other[k][0] - 1]);
      from = other[k][1] + 1;
    }
    if (from <= last) rest.push([from, last]);
  }
  return rest;
}

/** Normalize ranges in any order, overlapping or not. @param {[number, number][]} ranges @returns {Ranges} */
export function unite(ranges) {
  const united = [];
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const open = united[united.length - 1];
    if (open !== undefined && first <= open[1] + 1) open[1] = Math.max(open[1], last);
    else united.push([first, last]);
  }
  return united;
}
