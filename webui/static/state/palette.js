/** Option lists by key: while a field's list is open its letters choose, else digits choose what the held buttons mean. Pure. */
import { commonValue, labelsAt, optionsOf, suggestions } from "./labels.js";
import { charactersOf, isModified } from "./keys.js";
import { latchedOf, targets } from "./label_commands.js";

/** What the held buttons mean for the set in sight. @param {string} keys held, as recorded */
export function suggested(state, keys) {
  if (state.watched === null || state.selected === null) return [];
  const context = labelsAt(state.watched.labels, state.selected).context || latchedOf(state).context || "";
  return suggestions(state.watched.offer, context, keys);
}

/**
 * The options of a field as they are listed: what the held buttons mean first, on number keys, then the label set's and what was used.
 * @returns {{value: string, label: string, key?: string, button?: string}[]}
 */
export function listed(state, field, keys) {
  const options = optionsOf(state.watched, field);
  if (field !== "action") return options;
  const first = suggested(state, keys).map(({ value, button }, index) => {
    const known = options.find((option) => option.value === value);
    return { label: value.replaceAll("_", " "), ...known, value, button, key: String(index + 1) };
  });
  const values = new Set(first.map((option) => option.value));
  return [...first, ...options.filter((option) => !values.has(option.value))];
}

/** The action of a key press as far as option lists are concerned, or undefined. @param {KeyboardEvent} event */
export function optionOf(event, state, keys) {
  if (state.overlay !== null || state.watched === null || isModified(event)) return undefined;
  const field = state.palette;
  if (field === null) {
    const option = suggested(state, keys)[suggestionOf(event, state.keys) - 1];
    return option && { type: "give", labels: { action: option.value } };
  }
  const [written, physical] = charactersOf(event);
  if (written === "Backspace" || written === "Delete") return { type: "give", labels: { [field]: field === "tags" ? [] : "" } };
  if (written === "Enter" || written === " ") return { type: "focus", target: "palette-text" };
  const options = listed(state, field, keys);
  const option = options.find((one) => one.key === written) ?? options.find((one) => one.key && one.key === physical);
  if (option === undefined) return written.length === 1 ? { type: "none" } : undefined;
  // Where the layout needs Shift to write the character, it does not mean more than that.
  const latch = event.shiftKey && (option.key !== written || /^\p{L}$/u.test(written));
  return choose(state, field, option.value, latch);
}

/** The number that a press means while no list is open; a key of the page that is on the digit row goes first. */
function suggestionOf(event, keys) {
  const [written, physical] = charactersOf(event);
  if (/^[1-9]$/.test(written)) return Number(written);
  return /^[1-9]$/.test(physical ?? "") && !event.shiftKey && !Object.values(keys).flat().includes(written) ? Number(physical) : 0;
}

/** Choosing a value: one value more for tags, else this value alone. `latch`: from now on, whatever scope is chosen. */
export function choose(state, field, value, latch = false) {
  if (field !== "tags") return { type: "give", labels: { [field]: value }, scope: latch ? "latch" : undefined };
  const has = (state.scope === "latch" ? latchedOf(state).tags : commonValue(state.watched.labels, "tags", targets(state))) ?? [];
  return { type: has.includes(value) ? "removeTag" : "addTag", tag: value };
}
