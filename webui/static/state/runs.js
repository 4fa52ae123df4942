/**
 * One label field over a whole session: runs `[first, last, value]` of neighbours that hold the same value, ascending; what
 * holds none is in no run. Pure.
 * @typedef {[number, number, string | boolean | string[]][]} Runs
 */

const same = (one, other) => one === other || (Array.isArray(one) && Array.isArray(other) && one.join("\0") === other.join("\0"));

export const isEmpty = (value) => value === "" || value === false || value === undefined || (Array.isArray(value) && value.length === 0);

/** The index of the run that holds `number`, or of the first one after it. @param {Runs} runs */
export function runIndex(runs, number) {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (runs[middle][1] < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The run that holds `number`, or undefined. @param {Runs} runs */
export function runAt(runs, number) {
  const run = runs[runIndex(runs, number)];
  return run !== undefined && run[0] <= number ? run : undefined;
}

/** `runs` with `value` from `first` to `last`; the same object where nothing changes. @param {Runs} runs @returns {Runs} */
export function withValue(runs, first, last, value) {
  const at = runs[runIndex(runs, first)];
  const empty = isEmpty(value);
  if (empty && (at === undefined || at[0] > last)) return runs;
  if (!empty && at !== undefined && at[0] <= first && at[1] >= last && same(at[2], value)) return runs;
  const from = runIndex(runs, first - 1);
  const around = [];
  const put = [first, last, value];
  let to = from;
  for (; to < runs.length && runs[to][0] <= last + 1; to += 1) {
    const [start, end, held] = runs[to];
    if (!empty && same(held, value)) {
      put[0] = Math.min(put[0], start);
      put[1] = Math.max(put[1], end);
      continue;
    }
    if (start < first) around.push([start, Math.min(end, first - 1), held]);
    if (end > last) around.push([Math.max(start, last + 1), end, held]);
  }
  if (!empty) around.push(put);
  around.sort((one, other) => one[0] - other[0]);
  return [...runs.slice(0, from), ...around, ...runs.slice(to)];
}
