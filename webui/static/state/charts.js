/** Charts of a session's statistics: curves over time as SVG paths. Pure. */

/**
 * The SVG path of a step chart in a box of `values.length` x 1; null leaves a gap.
 * @param {(number | null)[]} values
 */
export function outlineOf(values, highest) {
  const parts = [];
  let open = false;
  values.forEach((value, at) => {
    if (value === null) {
      if (open) parts.push(`V1Z`);
      open = false;
      return;
    }
    const y = highest > 0 ? Number((1 - value / highest).toFixed(4)) : 1;
    parts.push(open ? `V${y}H${at + 1}` : `M${at} 1V${y}H${at + 1}`);
    open = true;
  });
  if (open) parts.push("V1Z");
  return parts.join("");
}

/** The curves over time, each with a name and a value for each part of the session; null where it has no frame sets. */
export function curvesOf({ over_time: overTime }) {
  const perSet = (sums) => sums.map((sum, part) => (overTime.frame_sets[part] > 0 ? sum / overTime.frame_sets[part] : null));
  const idle = overTime.idle_share.map((share, part) => (overTime.frame_sets[part] > 0 ? share : null));
  return [
    ...Object.entries(overTime.changes).map(([region, sums]) => ({ name: `${region} changes`, unit: "per set", values: perSet(sums) })),
    { name: "No button held", unit: "", values: idle, highest: 1 },
  ];
}

export const highestOf = (values) => values.reduce((highest, value) => Math.max(highest, value ?? 0), 0);

/** The mean of the values that are not null; 0 of none. */
export function meanOf(values) {
  const present = values.filter((value) => value !== null);
  return present.length ? present.reduce((sum, value) => sum + value, 0) / present.length : 0;
}

/** The first frame set of a part. */
export const setAt = ({ over_time: { first, step } }, part) => first + part * step;

/** The position of a frame set on the time axis, in parts. */
export const partAt = ({ over_time: { first, step } }, set) => (set - first) / step;
