/**
 * Run-length encoding of one label field over a session. Pure.
 *
 * Ascending runs `[first, last, value]` of neighbours with the same value; sets without a value are in no run.
 * @typedef {[number, number, string | boolean | string[]][]} Runs
 */
import { indexAt } from "./ranges.js";

/** Equality of two values of a field; tags are lists. */
export const sameValue = (one, other) => one === other || (Array.isArray(one) && Array.isArray(other) && one.join("\0") === other.join("\0"));

const isEmpty = (value) => value === "" || value === false || value === undefined || (Array.isArray(value) && value.length === 0);

/** The run that holds `number`, or undefined. @param {Runs} runs */
export function runAt(runs, number) {
  const run = runs[indexAt(runs, number)];
  return run !== undefined && run[0] <= number ? run : undefined;
}

/** `runs` with `value` from `first` to `last`; the same object where that changes nothing. @param {Runs} runs @returns {Runs} */
export function withValue(runs, first, last, value) {
  const here = runs[indexAt(runs, first)];
  const empty = isEmpty(value);
  if (empty && (here === undefined || here[0] > last)) return runs;
  if (!empty && here !== undefined && here[0] <= first && here[1] >= last && sameValue(here[2], value)) return runs;
  const from = indexAt(runs, first - 1);
  const around = [];
  const added = [first, last, value];
  let to = from;
  for (; to < runs.length && runs[to][0] <= last + 1; to += 1) {
    const [start, end, old] = runs[to];
    if (!empty && sameValue(old, value)) {
      added[0] = Math.min(added[0], start);
      added[1] = Math.max(added[1], end);
      continue;
    }
    if (start < first) around.push([start, Math.min(end, first - 1), old]);
    if (end > last) around.push([Math.max(start, last + 1), end, old]);
  }
  if (!empty) around.push(added);
  around.sort((one, other) => one[0] - other[0]);
  return [...runs.slice(0, from), ...around, ...runs.slice(to)];
}
