/** Edits by one key that change many sets, or more than the user sees: the question that comes before them. Pure. */
import { countedSets, formatNumber } from "./format.js";
import { merge, moveEnd, resize, toggleComplete } from "./label_commands.js";
import { FIELD_NAMES, nameOf } from "./labels.js";
import { countOf, intersect, subtract } from "./ranges.js";
import { runAt } from "./runs.js";
import { selectedRun, targets } from "./selection.js";

/** Most sets that one key changes unasked: twenty seconds of play. */
export const MAX_UNASKED = 240;

/** @typedef {{text: string, verb: string, note?: string}} Question `note`: what can be done about it afterwards, else that it can be undone */

/** By action: the question, or null where none is needed. @type {Record<string, (state: object, action: object) => Question | null>} */
const QUESTIONS = {
  merge: joinQuestion,
  clearRun: (state) => ifMany(countOf(setsOf(state, targets(state))), (sets) => `${sets} lose their label in ${fieldName(state)}.`, "Clear"),
  moveEnd: (state, { end }) => moveQuestion(state, moveEnd(state, end)),
  resize: (state, { field, run, first, last }) => moveQuestion(state, resize(state, field, run, first, last)),
  toggleComplete(state) {
    const isMarking = toggleComplete(state)[0]?.body.labels.complete ?? true;
    const text = isMarking ? "are marked as complete." : "are no longer marked as complete.";
    return ifMany(countOf(setsOf(state, targets(state))), (sets) => `${sets} ${text}`, isMarking ? "Mark as complete" : "Mark as not complete");
  },
  completeAndNext: (state) => ifMany(countOf(setsOf(state, targets(state))), (sets) => `${sets} are marked as complete.`, "Mark as complete"),
  copyPrevious(state) {
    const [range] = targets(state);
    const from = range === undefined ? "" : ` of set ${formatNumber(range[0] - 1)}`;
    return ifMany(countOf(setsOf(state, targets(state))), (sets) => `${sets} get the labels${from}.`, "Copy");
  },
  snapRuns: snapQuestion,
  applyLabels: applyQuestion,
};

/** The question before an action, or null. @returns {Question | null} */
export const questionOf = (state, action) => (action.agreed ? null : (QUESTIONS[action.type]?.(state, action) ?? null));

/**
 * The question before an undo or redo of so many sets that the daemon has left it alone.
 * @param {"undo" | "redo"} command @returns {Question}
 */
export const turnQuestion = (command, sets) =>
  command === "undo"
    ? { text: `Undo takes back an edit of ${countedSets(sets)}.`, verb: "Undo", note: "Redo gives it back." }
    : { text: `Redo repeats an edit of ${countedSets(sets)}.`, verb: "Redo" };

const ifMany = (count, textOf, verb) => (count > MAX_UNASKED ? { text: textOf(countedSets(count)), verb } : null);
const setsOf = (state, ranges) => intersect(ranges, state.watched.ranges);
const fieldName = (state) => FIELD_NAMES[state.selection?.field] ?? "this field";

/** A run is joined unasked with the one right behind it, where that is short. */
function joinQuestion(state) {
  const [command] = merge(state);
  if (command === undefined) return null;
  const { field, ranges } = state.selection;
  const runs = state.watched.labels[field];
  const [, , value] = runAt(runs, ranges[0][0]);
  const same = runs.filter((run) => run[2] === value).map(([first, last]) => [first, last]);
  const changed = subtract(setsOf(state, command.body.ranges), same);
  const count = countOf(changed);
  const empty = countOf(subtract(changed, runs.map(([first, last]) => [first, last])));
  if (empty === 0 && count <= MAX_UNASKED) return null;
  const others = [empty > 0 && `${formatNumber(empty)} of them have no label now`, count > empty && `${formatNumber(count - empty)} have another`];
  return { text: `${countedSets(count)} get “${nameOf(state.watched, field, value)}”: ${others.filter(Boolean).join(", ")}.`, verb: "Join" };
}

function moveQuestion(state, [command]) {
  const changes = (command?.body.parts ?? []).map(({ ranges, labels }) => [countOf(setsOf(state, ranges)), Object.values(labels)[0]]);
  const sum = (isWanted) => changes.filter(([, value]) => isWanted(value)).reduce((total, [count]) => total + count, 0);
  const [given, taken] = [sum((value) => value !== ""), sum((value) => value === "")];
  const parts = [given > 0 && `${countedSets(given)} get this label`, taken > 0 && `${countedSets(taken)} lose it`].filter(Boolean);
  return given + taken > MAX_UNASKED ? { text: `${parts.join(", ")}.`, verb: "Move" } : null;
}

function snapQuestion(state) {
  if (selectedRun(state)) return null;
  const field = state.selection?.field || state.suggested.field || "context";
  const runs = state.watched.labels[field].length;
  return runs < 2 ? null : { text: `The ends of all ${formatNumber(runs)} runs in ${FIELD_NAMES[field]} move to the change of memory near them.`, verb: "Snap" };
}

/** An open option list says beforehand on how many sets its value goes; those selected in the grid are mostly out of sight. */
function applyQuestion(state, { labels, scope = state.scope }) {
  if (scope !== "sets" || (state.optionList !== null && !state.grid.isOpen)) return null;
  const [[field, value]] = Object.entries(labels);
  const name = value === "" ? "lose their label" : `get “${nameOf(state.watched, field, value)}”`;
  return ifMany(countOf(setsOf(state, targets(state))), (sets) => `${sets} ${name} in ${FIELD_NAMES[field]}.`, "Apply");
}
