/**
 * Which frame sets a session has, as unbroken runs `[first, last]`, ascending. Pure.
 * @typedef {[number, number][]} Ranges
 */

/** The run that holds `number`, or the first one after it. @param {Ranges} ranges @returns {number} index, or the length */
function runAt(ranges, number) {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle][1] < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param {Ranges} ranges */
export const firstOf = (ranges) => (ranges.length ? ranges[0][0] : null);

/** @param {Ranges} ranges */
export const lastOf = (ranges) => (ranges.length ? ranges[ranges.length - 1][1] : null);

/** @param {Ranges} ranges */
export const countOf = (ranges) => ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);

/** @param {Ranges} ranges */
export function has(ranges, number) {
  const run = ranges[runAt(ranges, number)];
  return run !== undefined && run[0] <= number;
}

/** The first number there is at or after `number`, or null. @param {Ranges} ranges */
export function atOrAfter(ranges, number) {
  const run = ranges[runAt(ranges, number)];
  return run === undefined ? null : Math.max(run[0], number);
}

/** The last number there is at or before `number`, or null. @param {Ranges} ranges */
export function atOrBefore(ranges, number) {
  const index = runAt(ranges, number);
  const run = ranges[index];
  if (run !== undefined && run[0] <= number) return number;
  return index > 0 ? ranges[index - 1][1] : null;
}

/** The number there is that lies closest to `number`, or null. @param {Ranges} ranges */
export function nearest(ranges, number) {
  const before = atOrBefore(ranges, number);
  const after = atOrAfter(ranges, number);
  if (before === null || after === null) return before ?? after;
  return number - before <= after - number ? before : after;
}

/** `ranges` with one number more; the same object where it is there already. @param {Ranges} ranges @returns {Ranges} */
export function withNumber(ranges, number) {
  if (has(ranges, number)) return ranges;
  const index = runAt(ranges, number);
  const before = ranges[index - 1];
  const after = ranges[index];
  const joinsBefore = before !== undefined && before[1] === number - 1;
  const joinsAfter = after !== undefined && after[0] === number + 1;
  const run = [joinsBefore ? before[0] : number, joinsAfter ? after[1] : number];
  return [...ranges.slice(0, joinsBefore ? index - 1 : index), run, ...ranges.slice(joinsAfter ? index + 1 : index)];
}

/** The runs that are missing between the first and the last number. @param {Ranges} ranges @returns {Ranges} */
export const gapsOf = (ranges) => ranges.slice(1).map(([first], index) => [ranges[index][1] + 1, first - 1]);
