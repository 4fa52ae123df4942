/** Option lists by key: while a field's list is open its letters choose, else digits choose what the held buttons mean. Pure. */
import { commonValue, labelsAt, optionsOf, suggestions } from "./labels.js";
import { latchedOf, targets } from "./wishes.js";

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
  if (state.overlay !== null || state.watched === null || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const key = /^(Key|Digit)/.test(event.code) && event.shiftKey ? event.code.replace(/^Key|^Digit/, "").toLowerCase() : event.key.toLowerCase();
  if (state.palette === null) {
    const option = /^[1-9]$/.test(event.key) ? suggested(state, keys)[Number(event.key) - 1] : undefined;
    return option && { type: "give", labels: { action: option.value } };
  }
  const field = state.palette;
  if (key === "backspace" || key === "delete") return { type: "give", labels: { [field]: field === "tags" ? [] : "" } };
  if (key === "enter" || key === " ") return { type: "focus", target: "palette-text" };
  const option = listed(state, field, keys).find((one) => one.key === key);
  if (option === undefined) return key.length === 1 ? { type: "none" } : undefined;
  return choose(state, field, option.value, event.shiftKey);
}

/** Choosing a value: one value more for tags, else this value alone. `latch`: from now on, whatever scope is chosen. */
export function choose(state, field, value, latch = false) {
  if (field !== "tags") return { type: "give", labels: { [field]: value }, scope: latch ? "latch" : undefined };
  const has = (state.scope === "latch" ? latchedOf(state).tags : commonValue(state.watched.labels, "tags", targets(state))) ?? [];
  return { type: has.includes(value) ? "removeTag" : "addTag", tag: value };
}
