/** Label commands for the daemon, made from user actions. Pure. */
import { formatNumber } from "./format.js";
import { commonValue, emptyValue, FIELDS, labelsAt, LATCHABLE } from "./labels.js";
import { indexAt } from "./ranges.js";
import { runAt } from "./runs.js";
import { selectedRun, targets, targetSet, trimmed } from "./selection.js";
import { isPictureMissing, latchedOf } from "./selectors.js";
import { openSuggestions, rangesOf, suggestionAt } from "./suggestions.js";

/** @typedef {{command: "label" | "latch" | "undo" | "redo" | "take_suggestions" | "snap" | "edit_label_set", body: object}} LabelCommand */

/** Set the values of fields, in the chosen scope, or in `scope`. @returns {LabelCommand[]} */
export function applyLabels(state, labels, scope = state.scope) {
  const latchable = Object.keys(labels).every((field) => LATCHABLE.includes(field));
  if (scope === "latch" && latchable) return [{ command: "latch", body: { session: state.chosen, labels } }];
  return label(state, { labels }, scope);
}

/** @returns {LabelCommand[]} */
export function addTag(state, tag) {
  if (state.scope === "latch") return latchTags(state, [...(latchedOf(state).tags ?? []), tag]);
  return label(state, { labels: {}, add_tags: [tag] }, state.scope);
}

/** @returns {LabelCommand[]} */
export function removeTag(state, tag) {
  if (state.scope === "latch") return latchTags(state, (latchedOf(state).tags ?? []).filter((one) => one !== tag));
  return label(state, { labels: {}, remove_tags: [tag] }, state.scope);
}

const latchTags = (state, tags) => [{ command: "latch", body: { session: state.chosen, labels: { tags: [...new Set(tags)] } } }];

/** Apply the draft of a description to the sets that it was begun for. @returns {LabelCommand[]} */
export function describe({ draft, watched, chosen }) {
  if (draft === null || draft.sent) return [];
  const { session, ranges, text } = draft;
  const unchanged = session === chosen && commonValue(watched.labels, "description", ranges) === text.trim();
  return unchanged ? [] : [{ command: "label", body: { session, ranges, labels: { description: text } } }];
}

/** Copy the labels of the set before the targets, except `complete` and the description. @returns {LabelCommand[]} */
export function copyPrevious(state) {
  const [range] = targets(state);
  if (range === undefined) return [];
  const { tags, ...before } = labelsAt(state.watched.labels, range[0] - 1);
  const labels = Object.fromEntries(FIELDS.filter((field) => before[field] !== "").map((field) => [field, before[field]]));
  if (tags.length > 0) labels.tags = tags;
  return Object.keys(labels).length === 0 ? [] : label(state, { labels }, "sets");
}

/** Mark the targets as complete, or as not complete where all of them are. @returns {LabelCommand[]} */
export function toggleComplete(state) {
  const all = targets(state).every(([first, last]) => (runAt(state.watched.labels.complete, first)?.[1] ?? -1) >= last);
  return label(state, { labels: { complete: !all } }, "sets");
}

/** Clear every latched field. @returns {LabelCommand[]} */
export function clearLatched(state) {
  const fields = Object.keys(latchedOf(state));
  const labels = Object.fromEntries(fields.map((field) => [field, emptyValue(field)]));
  return fields.length === 0 ? [] : [{ command: "latch", body: { session: state.chosen, labels } }];
}

/** Move the ends of a run, as one command: sets that join it get its value, sets that leave it are cleared. @returns {LabelCommand[]} */
export function resize(state, field, [first, last, value], from, to) {
  const parts = [
    [from, Math.min(first - 1, to), value],
    [Math.max(last + 1, from), to, value],
    [first, Math.min(from - 1, last), ""],
    [Math.max(to + 1, first), last, ""],
  ]
    .filter(([start, end]) => start <= end)
    .map(([start, end, label]) => ({ ranges: [[start, end]], labels: { [field]: label } }));
  return parts.length === 0 ? [] : [labelCommand(state, { parts })];
}

/** Move an end of the selected run to the current set; a selection that is not a run stays without a command. @returns {LabelCommand[]} */
export function moveEnd(state, end) {
  const run = state.selected === null ? undefined : selectedRun(state);
  return run === undefined ? [] : resize(state, state.selection.field, run, ...trimmed(state, end));
}

/** Extend the selected run over the gap after it and the next run. @returns {LabelCommand[]} */
export function merge(state) {
  const { field, ranges } = state.selection ?? {};
  if (!field || ranges.length !== 1) return [];
  const runs = state.watched.labels[field];
  const run = runAt(runs, ranges[0][0]);
  const next = runs[indexAt(runs, ranges[0][1] + 1)];
  if (run === undefined || next === undefined) return [];
  return [labelCommand(state, { ranges: [[ranges[0][1] + 1, next[1]]], labels: { [field]: run[2] } })];
}

/** The refusal of labels for the current set while its picture is not in sight; "" otherwise. @param {LabelCommand[]} commands */
export function unseenProblem(state, commands) {
  const isCurrent = ([first, last]) => first <= state.selected && state.selected <= last;
  const isLabelled = commands.some(({ command, body }) => command === "label" && setsOf(body).some(isCurrent));
  return isLabelled ? unseenSentence(state) : "";
}

/** The refusal of what is said about the current set while its picture is not in sight; "" otherwise. */
export const unseenSentence = (state) =>
  isPictureMissing(state) ? `Frame set ${formatNumber(state.selected)} can be labelled once its picture is in sight.` : "";

const setsOf = ({ ranges, parts, until }) => ranges ?? parts?.flatMap((part) => part.ranges) ?? [[until, until]];

/** Take the suggestion at the current set as its label. @returns {LabelCommand[]} */
export function takeSuggestion(state) {
  const row = state.selected === null ? undefined : suggestionAt(state, state.selected);
  return row === undefined ? [] : takeRows(state, [row]);
}

/** Take every suggestion of the field. @returns {LabelCommand[]} */
export const takeSuggestions = (state) => takeRows(state, openSuggestions(state));

/** Take suggestions, or what memory tells instead of a label. @returns {LabelCommand[]} */
export const takeRows = (state, rows) =>
  rows.length === 0 ? [] : [{ command: "take_suggestions", body: { session: state.chosen, field: state.suggested.field, ranges: rangesOf(rows) } }];

/** Snap the ends of the selected run to memory, or those of all runs of the field. @returns {LabelCommand[]} */
export function snapRuns(state) {
  const run = selectedRun(state);
  const field = state.selection?.field || state.suggested.field || "context";
  return [{ command: "snap", body: { session: state.chosen, field, ...(run ? { numbers: [run[0]] } : { all: true }) } }];
}

/** The texts in commands, by field. @param {LabelCommand[]} commands @returns {[string, string][]} */
export const textsOf = (commands) =>
  commands.flatMap(({ body: { labels = {}, add_tags: tags = [] } }) => [
    ...Object.entries({ ...labels, tags: [labels.tags ?? [], tags].flat() }).flatMap(([field, value]) =>
      [value].flat().filter((one) => typeof one === "string").map((text) => [field, text]),
    ),
  ]);

/** Most ranges in one command: more would exceed the outbox's limit of bytes. */
export const MAX_RANGES = 8000;

const labelCommand = (state, body) => ({ command: "label", body: { session: state.chosen, ...body } });

function label(state, body, scope) {
  if (state.chosen === null || state.selected === null) return [];
  if (scope === "recent") return [labelCommand(state, { ...body, seconds: state.seconds, until: targetSet(state) })];
  const ranges = targets(state);
  return Array.from({ length: Math.ceil(ranges.length / MAX_RANGES) }, (_, part) =>
    labelCommand(state, { ...body, ranges: ranges.slice(part * MAX_RANGES, (part + 1) * MAX_RANGES) }),
  );
}
