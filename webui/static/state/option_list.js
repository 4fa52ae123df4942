/**
 * Option lists, the palette of a field's values: order, filter, the marked row, and what a key press does to them. Pure.
 *
 * While a list is open every key belongs to it: typing filters, the arrows mark a row, Enter takes the marked one, which is the
 * first match until the arrows move on. To make a new value is a row of its own, the last.
 */
import { charactersOf } from "./keys.js";
import { commonValue, emptyValue, labelsAt, optionsOf, suggestions, valuesIn } from "./labels.js";
import { targets } from "./selection.js";
import { latchedOf } from "./selectors.js";

/** Values of a field that are listed first because they were chosen last. */
const MAX_RECENT = 5;

/** @typedef {{value: string, label: string, key?: string, button?: string, isNew?: boolean}} Row */

/** Suggested actions for the current set. @param {string} keys held, as recorded */
export function suggestedActions(state, keys) {
  if (state.watched === null || state.selected === null) return [];
  const context = labelsAt(state.watched.labels, state.selected).context || latchedOf(state).context || "";
  return suggestions(state.watched.labelOptions, context, keys);
}

/**
 * The options of a field as they are listed: suggestions, on number keys, then values chosen last on this page, then those of this
 * session, then the rest of the label set, then other values in use.
 * @returns {Row[]}
 */
export function listedOptions(state, field, keys) {
  if (state.watched === null) return [];
  const options = optionsOf(state.watched, field).filter(({ retired }) => !retired);
  const byValue = new Map(options.map((option) => [option.value, option]));
  const used = valuesIn(state.watched.labels, field);
  const recent = (state.recentValues[field] ?? []).map((value) => byValue.get(value)).filter(Boolean);
  const ordered = new Set([...recent, ...options.filter(({ value }) => used.has(value)), ...options]);
  if (field !== "action") return [...ordered];
  const first = suggestedActions(state, keys).map(({ value, button }, index) => {
    return { label: value.replaceAll("_", " "), ...byValue.get(value), value, button, key: String(index + 1) };
  });
  const values = new Set(first.map(({ value }) => value));
  const numbers = new Set(first.map(({ key }) => key));
  const withoutNumber = ({ key, ...option }) => (numbers.has(key) ? option : { key, ...option });
  return [...first, ...[...ordered].filter(({ value }) => !values.has(value)).map(withoutNumber)];
}

const folded = (text) => text.normalize("NFC").toLowerCase().replaceAll("_", " ").trim();

/** Rank of a name for a text: 0 the same, 1 its beginning, 2 the beginning of a word in it, 3 inside; 4 not at all. */
function rankIn(name, text) {
  const at = name.indexOf(text);
  if (at < 0) return 4;
  if (at === 0) return name === text ? 0 : 1;
  return name.includes(` ${text}`) ? 2 : 3;
}

/** The rows for what is typed: the matching options, the best first, then the one that makes a new value. @param {Row[]} options @returns {Row[]} */
export function matchingRows(options, text) {
  const typed = folded(text);
  if (typed === "") return options;
  const rankOf = ({ label, value }) => Math.min(rankIn(folded(label), typed), rankIn(folded(value), typed));
  const ranks = new Map(options.map((option) => [option, rankOf(option)]));
  const matches = options.filter((option) => ranks.get(option) < 4).sort((one, other) => ranks.get(one) - ranks.get(other));
  if (ranks.get(matches[0]) === 0) return matches;
  return [...matches, { value: text.trim(), label: `Create “${text.trim()}”`, isNew: true }];
}

/** The row that Enter takes: the one that the arrows marked, else the first match of what is typed. @param {Row[]} rows */
export const markedRow = ({ optionMark, optionText }, rows) =>
  rows.find(({ value }) => value === optionMark) ?? (optionText.trim() === "" ? undefined : rows[0]);

/** True while an option list takes every key that is pressed outside of other fields. */
export const isListOpen = (state) => state.optionList !== null && state.overlay === null;

/** The action of a key press on a suggestion while no list is open, or undefined. @param {KeyboardEvent} event */
export function suggestionAction(event, state, keys) {
  if (state.overlay !== null || state.optionList !== null || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const option = suggestedActions(state, keys)[suggestionNumber(event, state.keys) - 1];
  return option && { type: "applyLabels", labels: { action: option.value } };
}

/**
 * The action of a key press on the open list; undefined where the press belongs to its input.
 * @param {KeyboardEvent} event @param {string} keys held, as recorded
 */
export function listAction(event, state, keys) {
  const { optionList: field, optionText: text } = state;
  if (event.key === "Escape") return { type: "close" };
  if (event.ctrlKey || event.metaKey || state.watched === null) return undefined;
  const options = listedOptions(state, field, keys);
  const option = options.find((one) => one.key && one.key === shortcutOf(event, text));
  // Where the layout needs Shift to write the digit, it does not mean more than that.
  if (option !== undefined) return choose(state, field, option.value, event.shiftKey && event.key !== option.key);
  if (event.altKey) return undefined;
  const rows = matchingRows(options, text);
  const marked = markedRow(state, rows);
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by !== undefined) {
    const from = marked === undefined ? Math.min(-by, 0) : rows.indexOf(marked);
    return { type: "optionMark", value: rows.at((from + by) % rows.length)?.value ?? null };
  }
  if (event.key === "Delete" && text === "") return clearField(field);
  if (event.key !== "Enter") return undefined;
  return marked === undefined ? { type: "none" } : choose(state, field, marked.value, event.shiftKey);
}

/** The shortcut that a press is: a digit while nothing is typed, or any character with Alt; else "". */
function shortcutOf(event, text) {
  const [, physical = ""] = /^(?:Digit|Key)(.)$/.exec(event.code ?? "") ?? [];
  const written = event.key.length === 1 ? event.key.toLowerCase() : "";
  // Option on a Mac writes another character.
  if (event.altKey) return /^[a-z0-9]$/.test(written) ? written : physical.toLowerCase();
  const digit = charactersOf(event).find((one) => /^[0-9]$/.test(one)) ?? "";
  return text === "" ? digit : "";
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

export const CLOSED_LIST = { optionList: null, optionListTarget: null, optionText: "", optionMark: null };

/** The values chosen last, with those of some labels in front. */
function withRecent(recentValues, labels) {
  const next = { ...recentValues };
  for (const [field, value] of Object.entries(labels)) {
    const chosen = [value].flat().filter((one) => typeof one === "string" && one !== "");
    next[field] = [...new Set([...chosen, ...(next[field] ?? [])])].slice(0, MAX_RECENT);
  }
  return next;
}

/**
 * `optionList`: the field whose list is open; `optionListTarget`: the current set when it was opened, which gets the label although
 * the page follows live; `optionText`: what is typed; `optionMark`: the value that the arrows marked; `recentValues`: values chosen
 * last on this page, by field.
 */
export const NO_OPTION_LIST = { ...CLOSED_LIST, recentValues: {} };

export const optionReducers = {
  optionList(state, { field }) {
    if (state.chosen === null) return state;
    if (state.optionList === field) return { ...state, ...CLOSED_LIST, refusal: "" };
    return { ...state, ...CLOSED_LIST, panel: "labels", optionList: field, optionListTarget: state.optionListTarget ?? state.selected, refusal: "" };
  },
  optionText: (state, { text }) => ({ ...state, optionText: text, optionMark: null }),
  optionMark: (state, { value }) => ({ ...state, optionMark: value }),
  closeOptionList: (state) => ({ ...state, ...CLOSED_LIST }),
  labelsApplied: (state, { labels = {} }) => ({ ...state, ...CLOSED_LIST, recentValues: withRecent(state.recentValues, labels) }),
  /** A tag leaves the list open for the next one. */
  tagChosen: (state, { tag }) => ({ ...state, optionText: "", optionMark: null, recentValues: withRecent(state.recentValues, { tags: tag }) }),
};
