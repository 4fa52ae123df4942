/** Memoization of pure functions. */

/** Memoize the last result of a pure function of immutable arguments. */
export function memoized(compute) {
  let last = [];
  let result;
  return (...args) => {
    if (args.length !== last.length || args.some((arg, index) => arg !== last[index])) {
      result = compute(...args);
      last = args;
    }
    return result;
  };
}
