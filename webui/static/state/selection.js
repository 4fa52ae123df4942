/** Targets of labels: the current set, a selection, or a run of a lane. Pure. */
import { FIELDS } from "./labels.js";
import { runAt } from "./runs.js";

/** The current set; while an option list is open, the one that was current when it was opened. */
export const targetSet = (state) => state.optionListTarget ?? state.selected;

/** The selection as ranges, or the current set. @returns {import("./ranges.js").Ranges} */
export function targets(state) {
  if (state.selection !== null) return state.selection.ranges;
  return state.selected === null ? [] : [[targetSet(state), targetSet(state)]];
}

/**
 * The state with a selection. Labels are for it then, whatever they were for before: who selects sets means these.
 * @param {import("./ranges.js").Ranges} ranges not empty
 * @param {string | null} field the lane of the selection, or null
 */
export const withSelection = (state, ranges, field = null, anchor = ranges[0][0]) => ({
  ...state,
  following: false,
  scope: "sets",
  selection: { ranges, field, anchor },
});

/** The run that is selected as a whole, or undefined. @returns {import("./runs.js").Runs[number] | undefined} */
export function selectedRun(state) {
  const { field, ranges } = state.selection ?? {};
  const run = field && runAt(state.watched.labels[field], ranges[0][0]);
  return run && run[0] === ranges[0][0] && run[1] === ranges[0][1] ? run : undefined;
}

/** Select the run at the current set: of the first lane that has one, or of the next lane after the selected run's. */
export function selectRun(state) {
  if (state.watched === null || state.selected === null) return null;
  const from = FIELDS.indexOf(state.selection?.field) + 1;
  const lanes = [...FIELDS.slice(from), ...FIELDS.slice(0, from)];
  const field = lanes.find((lane) => runAt(state.watched.labels[lane], state.selected) !== undefined);
  if (field === undefined) return null;
  const [first, last] = runAt(state.watched.labels[field], state.selected);
  return { ranges: [[first, last]], field, anchor: first };
}

/** The selection, or the current set, with its start (`end` 0) or its end (1) moved to the current set. @returns {[number, number]} */
export function trimmed(state, end) {
  const { selected } = state;
  const [first, last] = state.selection?.ranges[0] ?? [selected, selected];
  return end === 0 ? [selected, Math.max(last, selected)] : [Math.min(first, selected), selected];
}
