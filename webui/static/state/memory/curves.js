/** Curves of values over a session, as SVG paths. Pure. */

/** Box of a curve, in units of its path. */
const WIDTH = 100;
const HEIGHT = 16;
const MARGIN = 1.5;

/**
 * The path of a curve of steps: `numbers` are the sets from which on a value holds, null leaves a gap.
 * @param {{numbers: number[], values: (number | null)[]}} curve @param {[number, number]} extent first and last set of the session
 */
export function curvePath({ numbers, values }, [first, last]) {
  const known = values.filter((value) => value !== null);
  const least = Math.min(...known);
  const range = Math.max(...known) - least;
  const span = Math.max(last - first, 1);
  const x = (number) => round((WIDTH * (Math.max(number, first) - first)) / span);
  const y = (value) => round(range === 0 ? HEIGHT / 2 : HEIGHT - MARGIN - ((HEIGHT - 2 * MARGIN) * (value - least)) / range);
  const parts = [];
  values.forEach((value, index) => {
    if (value === null) return;
    const joined = index > 0 && values[index - 1] !== null;
    parts.push(joined ? `V${y(value)}` : `M${x(numbers[index])} ${y(value)}`, `H${x(numbers[index + 1] ?? last)}`);
  });
  return parts.join("");
}

const round = (number) => Number(number.toFixed(2));
