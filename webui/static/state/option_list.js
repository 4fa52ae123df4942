/** Option lists: their order, and key presses that choose an option or a suggestion. Pure. */
import { charactersOf, isModified } from "./keys.js";
import { commonValue, emptyValue, labelsAt, optionsOf, suggestions } from "./labels.js";
import { targets } from "./selection.js";
import { latchedOf } from "./selectors.js";

/** Suggested actions for the current set. @param {string} keys held, as recorded */
export function suggestedActions(state, keys) {
  if (state.watched === null || state.selected === null) return [];
  const context = labelsAt(state.watched.labels, state.selected).context || latchedOf(state).context || "";
  return suggestions(state.watched.labelOptions, context, keys);
}

/**
 * The options of a field as they are listed: suggestions first, on number keys, then the label set's, then other values in use.
 * @returns {{value: string, label: string, key?: string, button?: string}[]}
 */
export function listedOptions(state, field, keys) {
  const options = optionsOf(state.watched, field);
  if (field !== "action") return options;
  const first = suggestedActions(state, keys).map(({ value, button }, index) => {
    const known = options.find((option) => option.value === value);
    return { label: value.replaceAll("_", " "), ...known, value, button, key: String(index + 1) };
  });
  const values = new Set(first.map((option) => option.value));
  return [...first, ...options.filter((option) => !values.has(option.value))];
}

/** The action of a key press on an option list or a suggestion, or undefined. @param {KeyboardEvent} event */
export function optionAction(event, state, keys) {
  if (state.overlay !== null || state.watched === null || isModified(event)) return undefined;
  const field = state.optionList;
  if (field === null) {
    const option = suggestedActions(state, keys)[suggestionNumber(event, state.keys) - 1];
    return option && { type: "applyLabels", labels: { action: option.value } };
  }
  const [written, physical] = charactersOf(event);
  if (written === "Backspace" || written === "Delete") return clearField(field);
  if (written === "Enter" || written === " ") return { type: "focus", target: "option-list-text" };
  const options = listedOptions(state, field, keys);
  const option = options.find((one) => one.key === written) ?? options.find((one) => one.key && one.key === physical);
  if (option === undefined) return written.length === 1 ? { type: "none" } : undefined;
  // Where the layout needs Shift to write the character, it does not mean more than that.
  const latch = event.shiftKey && (option.key !== written || /^\p{L}$/u.test(written));
  return choose(state, field, option.value, latch);
}

/** The number that a press means while no list is open; a page key on the digit row takes precedence. */
function suggestionNumber(event, keys) {
  const [written, physical] = charactersOf(event);
  if (/^[1-9]$/.test(written)) return Number(written);
  return /^[1-9]$/.test(physical ?? "") && !event.shiftKey && !Object.values(keys).flat().includes(written) ? Number(physical) : 0;
}

/** The action that clears a field. */
export const clearField = (field, scope) => ({ type: "applyLabels", labels: { [field]: emptyValue(field) }, scope });

/** The action of choosing a value: a tag is added or removed, any other field set. `latch`: latch it, whatever the scope. */
export function choose(state, field, value, latch = false) {
  if (field !== "tags") return { type: "applyLabels", labels: { [field]: value }, scope: latch ? "latch" : undefined };
  const tags = (state.scope === "latch" ? latchedOf(state).tags : commonValue(state.watched.labels, "tags", targets(state))) ?? [];
  return { type: tags.includes(value) ? "removeTag" : "addTag", tag: value };
}
