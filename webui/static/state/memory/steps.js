/**
 * Steps of a value over the recording: from each set on, it has the value of that step. Pure.
 * @typedef {{numbers: number[], values: (number | null)[]}} Steps ascending set numbers; null where the value is not known
 */
import { countBefore, firstOf, lastOf, nearest } from "../ranges.js";

/** Steps in an answer at most; where there are more, the peaks are kept. */
const MOST = 1000;

/**
 * The question for the steps in the visible part of the film strip. It stays the same while the strip scrolls a little.
 * @param {{first: number, last: number}} extent the visible sets @param {import("../ranges.js").Ranges} ranges the recorded sets
 * @returns {string} path for `MemoryClient.ask`
 */
export function stepsQuestion(addressDigits, type, extent, ranges) {
  const block = 2 ** Math.ceil(Math.log2(Math.max(extent.last - extent.first, 1)));
  const first = (Math.floor(extent.first / block) - 1) * block;
  const last = (Math.floor(extent.last / block) + 2) * block;
  const query = new URLSearchParams({ address: addressDigits, type, most: String(MOST) });
  // Moments outside of the recording are no moments, and the last one moves on while the game is played.
  if (first > (firstOf(ranges) ?? 0)) query.set("first", String(nearest(ranges, first)));
  if (last < (lastOf(ranges) ?? 0)) query.set("last", String(nearest(ranges, last)));
  return `values?${query}`;
}

/**
 * Steps with the values that were seen live since they were fetched.
 * @param {Steps} steps @param {{number: number, value: number | null}[]} samples ascending
 * @returns {Steps}
 */
export function withSamples({ numbers, values }, samples) {
  const added = { numbers: [...numbers], values: [...values] };
  for (const { number, value } of samples) {
    const last = added.numbers.length - 1;
    if (last >= 0 && (number <= added.numbers[last] || value === added.values[last])) continue;
    added.numbers.push(number);
    added.values.push(value);
  }
  return added;
}

/** The index of the step that a set lies in; -1 before the first. @param {Steps} steps */
export const stepAt = ({ numbers }, number) => countBefore(numbers, (step) => step <= number) - 1;

/** The set of the next step after a set, or of the last one before it; null where there is none. @param {Steps} steps */
export function neighbourStep(steps, number, by) {
  const at = stepAt(steps, number);
  const next = by > 0 ? at + 1 : steps.numbers[at] === number ? at - 1 : at;
  return steps.numbers[next] ?? null;
}

/** The set of the step that begins within `tolerance` sets of one, else that set itself. @param {Steps} steps */
export function nearStep(steps, number, tolerance) {
  const at = stepAt(steps, number);
  const near = [steps.numbers[at], steps.numbers[at + 1]].filter((step) => step !== undefined && Math.abs(step - number) <= tolerance);
  near.sort((one, other) => Math.abs(one - number) - Math.abs(other - number));
  return near[0] ?? Math.floor(number);
}

/** The points of the curve in a window: the step that it begins in, those in it, and where it ends. @param {Steps} steps */
export function curveOf(steps, first, last) {
  const from = Math.max(stepAt(steps, first), 0);
  const to = stepAt(steps, last);
  const numbers = steps.numbers.slice(from, to + 1);
  const values = steps.values.slice(from, to + 1);
  if (numbers.length === 0) return [[first, last], [null, null]];
  numbers[0] = Math.max(numbers[0], first);
  numbers.push(last);
  values.push(values[values.length - 1]);
  return [numbers, values];
}
