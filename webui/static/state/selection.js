/** Runs of a lane and selections that follow from where the person is. Pure. */
import { FIELDS } from "./labels.js";
import { runAt } from "./runs.js";

/** The run that is selected as a whole, or undefined. @returns {import("./runs.js").Runs[number] | undefined} */
export function selectedRun(state) {
  const { field, ranges } = state.selection ?? {};
  const run = field && runAt(state.watched.labels[field], ranges[0][0]);
  return run && run[0] === ranges[0][0] && run[1] === ranges[0][1] ? run : undefined;
}

/** The run that holds the set in sight: of the first lane that has one, or of the next lane after the selected run's. */
export function runHere(state) {
  if (state.watched === null || state.selected === null) return null;
  const from = FIELDS.indexOf(state.selection?.field) + 1;
  const lanes = [...FIELDS.slice(from), ...FIELDS.slice(0, from)];
  const field = lanes.find((lane) => runAt(state.watched.labels[lane], state.selected) !== undefined);
  if (field === undefined) return null;
  const [first, last] = runAt(state.watched.labels[field], state.selected);
  return { ranges: [[first, last]], field, anchor: first };
}

/** What is selected, or the set in sight, made to begin (`end` 0) or to end (1) at the set in sight. @returns {[number, number]} */
export function trimmed(state, end) {
  const { selected } = state;
  const [first, last] = state.selection?.ranges[0] ?? [selected, selected];
  return end === 0 ? [selected, Math.max(last, selected)] : [Math.min(first, selected), selected];
}
