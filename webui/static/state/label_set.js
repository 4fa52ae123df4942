/** The label set of a session as it is edited: values with counts, their colours, merging. Pure. */
import { countOf } from "./ranges.js";
import { FIELDS, optionsOf, runsWith } from "./labels.js";
import { MAX_RANGES } from "./label_commands.js";
import { CLOSED_LIST } from "./option_list.js";

/** Fields whose values can be edited; tags are in no label set, and can be merged. */
export const EDITED_FIELDS = [...FIELDS, "tags"];

/** Names of the fills of runs, `PALETTE` in `lanes.js`, in its order. */
export const COLOURS = ["Blue", "Red", "Lime", "Violet", "Green", "Peach", "Brown", "Cyan", "Teal", "Pink"];

/** The state of the dialog: the field in view, and the values of a merge that is being prepared. */
export const NO_LABEL_SET = { field: "context", from: "", into: "" };

/** The values of a field with the number of frame sets that have each; retired ones last. */
export function valueRows(watched, field) {
  const rows = optionsOf(watched, field).map((option) => ({ ...option, sets: countOf(runsWith(watched.labels, field, option.value)) }));
  return [...rows.filter(({ retired }) => !retired), ...rows.filter(({ retired }) => retired)];
}

/** The command that gives another value to every set that has one: one entry of the history, one undo. @returns {import("./label_commands.js").LabelCommand[]} */
export function mergeValues(state, field, from, into) {
  const runs = runsWith(state.watched.labels, field, from);
  if (from === into || into === "" || runs.length === 0) return [];
  const which = runs.length <= MAX_RANGES ? { ranges: runs } : { first: runs[0][0], last: runs.at(-1)[1] };
  const change =
    field === "tags"
      ? { where: { tags: [from] }, labels: {}, remove_tags: [from], add_tags: [into] }
      : { where: { [field]: from }, labels: { [field]: into } };
  return [{ command: "label", body: { session: state.chosen, ...which, ...change } }];
}

/** The command that edits a value of the label set. @returns {import("./label_commands.js").LabelCommand[]} */
export const editOption = (state, field, value, parts) => [{ command: "edit_label_set", body: { session: state.chosen, field, value, ...parts } }];

/** The value that a text means: that of the option with the name, else the text itself. */
export const valueOf = (watched, field, text) => {
  const typed = text.trim();
  const folded = typed.toLowerCase();
  return optionsOf(watched, field).find(({ value, label }) => [value, label].some((one) => one.toLowerCase() === folded))?.value ?? typed;
};

/** Commands of a merge: the labels, and the value that nobody has any more is retired where the set has it. */
export function mergeCommands(state, { field, from, text }) {
  const into = valueOf(state.watched, field, text);
  const commands = mergeValues(state, field, from, into);
  const isInSet = state.watched.labelOptions?.options[field]?.some(({ value, retired }) => value === from && !retired);
  return from !== into && into !== "" && isInSet ? [...commands, ...editOption(state, field, from, { retired: true })] : commands;
}

export const labelSetReducers = {
  /** From the list of a field, which closes. */
  editValues: (state, { field }) => ({ ...state, ...CLOSED_LIST, overlay: "labelSet", labelSet: { ...NO_LABEL_SET, field } }),
  labelSetField: (state, { field }) => ({ ...state, labelSet: { ...NO_LABEL_SET, field } }),
  mergeFrom: (state, { value }) => ({ ...state, labelSet: { ...state.labelSet, from: state.labelSet.from === value ? "" : value, into: "" } }),
  mergeInto: (state, { text }) => ({ ...state, labelSet: { ...state.labelSet, into: text } }),
  mergeValues: (state) => ({ ...state, labelSet: { ...state.labelSet, from: "", into: "" } }),
};
