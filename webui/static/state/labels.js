/** Labels of a session: runs by field, counts, options and suggestions. Pure. */
import { buttonsOf } from "./console.js";
import { formatNumber } from "./format.js";
import { memoized } from "./memoized.js";
import { countOf, indexAt, intersect, subtract, unite } from "./ranges.js";
import { runAt, sameValue, withValue } from "./runs.js";

/** Fields with options, each with a lane. */
export const FIELDS = ["context", "scene", "action", "intent", "outcome"];
export const ALL_FIELDS = [...FIELDS, "tags", "description", "complete"];

export const FIELD_NAMES = {
  context: "Context",
  scene: "Scene",
  action: "Action",
  intent: "Intent",
  outcome: "Outcome",
  tags: "Tags",
  description: "Description",
  complete: "Complete",
};

/** The question that the values of a field answer. */
export const FIELD_HINTS = {
  context: "What kind of play it is, such as a battle or a shop",
  scene: "The name of the place, the opponent or the conversation",
  action: "What the player does",
  intent: "What the player does it for",
  outcome: "How it went",
  tags: "Anything else, as many as needed",
};

/** Fields that can be latched: applied to every new set as it is recorded. */
export const LATCHABLE = [...FIELDS, "tags"];

/** Longest values, in characters, as the daemon accepts them. */
const MAX_DESCRIPTION = 20_000;
const MAX_VALUE = 200;

/** The error sentence for the first text that is too long for a label, or an empty text. @param {[string, string][]} texts by field */
export function lengthError(texts) {
  for (const [field, text] of texts) {
    const longest = field === "description" ? MAX_DESCRIPTION : MAX_VALUE;
    const length = [...text.trim()].length;
    if (length > longest) return `${FIELD_NAMES[field]}: at most ${formatNumber(longest)} characters, these are ${formatNumber(length)}. Shorten the text.`;
  }
  return "";
}

/** The value that clears a field. */
export const emptyValue = (field) => (field === "tags" ? [] : "");

export const NO_LABELS = Object.fromEntries(ALL_FIELDS.map((field) => [field, []]));

/** @typedef {Record<string, import("./runs.js").Runs>} Labels */

/** `labels` with the annotations of some sets replaced. @param {Labels} labels @param {{frame_set_id: number, annotations: object}[]} sets */
export function withLabels(labels, sets) {
  const next = { ...labels };
  for (const field of ALL_FIELDS) {
    for (let i = 0; i < sets.length; ) {
      const value = sets[i].annotations[field];
      const first = sets[i].frame_set_id;
      let last = first;
      for (i += 1; i < sets.length && sets[i].frame_set_id === last + 1 && sameValue(sets[i].annotations[field], value); i += 1) last += 1;
      next[field] = withValue(next[field], first, last, value);
    }
  }
  return next;
}

/** The labels of one set. @param {Labels} labels */
export function labelsAt(labels, number) {
  const at = (field, none) => runAt(labels[field], number)?.[2] ?? none;
  return {
    ...Object.fromEntries([...FIELDS, "description"].map((field) => [field, at(field, "")])),
    tags: at("tags", []),
    complete: at("complete", false),
  };
}

/** The value that all sets of the ranges have, or null where they differ. @param {Labels} labels */
export function commonValue(labels, field, ranges) {
  let value;
  for (const [first, last] of ranges) {
    for (let number = first; number <= last; ) {
      const run = runAt(labels[field], number);
      const here = run?.[2] ?? "";
      if (value !== undefined && !sameValue(value, here)) return null;
      value = here;
      number = run === undefined ? (labels[field][indexAt(labels[field], number)]?.[0] ?? Infinity) : run[1] + 1;
    }
  }
  return value ?? "";
}

const labelledIn = memoized((labels) => unite(ALL_FIELDS.flatMap((field) => labels[field])));

/** The sets of each status, as ranges. */
export const byStatus = memoized((labels, ranges) => {
  const labelled = intersect(ranges, labelledIn(labels));
  const complete = intersect(ranges, labels.complete);
  return { all: ranges, unlabelled: subtract(ranges, labelled), partial: subtract(labelled, complete), complete };
});

/** The number of sets of each status. */
export const statusCounts = memoized((labels, ranges) =>
  Object.fromEntries(Object.entries(byStatus(labels, ranges)).map(([status, runs]) => [status, countOf(runs)])),
);

const countByRuns = new WeakMap();

/** The number of sets with a value of a field. @param {Labels} labels */
export function coverageOf(labels, field) {
  const runs = labels[field];
  if (!countByRuns.has(runs)) countByRuns.set(runs, countOf(runs));
  return countByRuns.get(runs);
}

const valuesByRuns = new WeakMap();

/** The values of a field that occur in the session; for tags, each tag. @param {Labels} labels @returns {Set<string>} */
export function valuesIn(labels, field) {
  const runs = labels[field];
  if (!valuesByRuns.has(runs)) valuesByRuns.set(runs, new Set(runs.flatMap((run) => run[2])));
  return valuesByRuns.get(runs);
}

/** The options of a field: those of the label set, then other values in use. @returns {{value: string, label: string, key?: string, colour?: string, retired?: boolean}[]} */
export function optionsOf(watched, field) {
  const options = watched.labelOptions?.options[field] ?? [];
  const known = new Set(options.map((option) => option.value));
  const used = [...new Set([...(watched.usedValues?.[field] ?? []), ...valuesIn(watched.labels, field)])].filter((value) => value && !known.has(value));
  return [...options, ...used.map((value) => ({ value, label: value }))];
}

/** The sets with a value of a field, as ranges; for tags, those with the tag. @param {Labels} labels */
export const runsWith = (labels, field, value) =>
  unite(labels[field].filter(([, , one]) => (Array.isArray(one) ? one.includes(value) : one === value)).map(([first, last]) => [first, last]));

/** The display name of a value. */
export const nameOf = (watched, field, value) =>
  watched.labelOptions?.options[field]?.find((option) => option.value === value)?.label ?? String(value).replaceAll("_", " ");

/**
 * Actions that a game config names for the held buttons in a context, each with its button; at most nine.
 * @param {{semantics: object[]} | null} labelOptions
 * @param {string} keys held, as recorded: `A+Right`
 */
export function suggestions(labelOptions, context, keys) {
  const meanings = labelOptions?.semantics.find((entry) => entry.context === context);
  if (meanings === undefined) return [];
  const found = new Map();
  for (const button of buttonsOf(keys)) {
    for (const value of meanings[button] ?? []) if (!found.has(value)) found.set(value, button);
  }
  return [...found].slice(0, 9).map(([value, button]) => ({ value, button }));
}
