/** From what the person does to the command that the daemon carries out. Pure. */
import { commonValue, FIELDS, labelsAt, LATCHABLE } from "./labels.js";
import { runAt, runIndex } from "./runs.js";
import { selectedRun, trimmed } from "./selection.js";

/** @typedef {{command: string, body: object}} Wish */

const inSight = (state) => state.aim ?? state.selected;

/** The sets that labels go to, as ranges: the selected ones, or the one in sight. */
export function targets(state) {
  if (state.selection !== null) return state.selection.ranges;
  return state.selected === null ? [] : [[inSight(state), inSight(state)]];
}

/** Give values to fields, in the scope that is chosen, or in `scope`. @returns {Wish[]} */
export function give(state, labels, scope = state.scope) {
  const latchable = Object.keys(labels).every((field) => LATCHABLE.includes(field));
  if (scope === "latch" && latchable) return [{ command: "latch", body: { session: state.chosen, labels } }];
  return label(state, { labels }, scope);
}

/** @returns {Wish[]} */
export function addTag(state, tag) {
  if (state.scope === "latch") return latchTags(state, [...(latchedOf(state).tags ?? []), tag]);
  return label(state, { labels: {}, add_tags: [tag] }, state.scope);
}

/** @returns {Wish[]} */
export function removeTag(state, tag) {
  if (state.scope === "latch") return latchTags(state, (latchedOf(state).tags ?? []).filter((one) => one !== tag));
  return label(state, { labels: {}, remove_tags: [tag] }, state.scope);
}

const latchTags = (state, tags) => [{ command: "latch", body: { session: state.chosen, labels: { tags: [...new Set(tags)] } } }];

/** Give the description in progress to the sets that it was begun for. @returns {Wish[]} */
export function describe({ writing, watched, chosen }) {
  if (writing === null || writing.sent) return [];
  const { session, ranges, text } = writing;
  const known = session === chosen && commonValue(watched.labels, "description", ranges) === text.trim();
  return known ? [] : [{ command: "label", body: { session, ranges, labels: { description: text } } }];
}

/** Give the sets the labels of the one before them; what makes a set complete, and its description, are its own. @returns {Wish[]} */
export function copyPrevious(state) {
  const [range] = targets(state);
  if (range === undefined) return [];
  const { tags, ...before } = labelsAt(state.watched.labels, range[0] - 1);
  const labels = Object.fromEntries(FIELDS.filter((field) => before[field] !== "").map((field) => [field, before[field]]));
  if (tags.length > 0) labels.tags = tags;
  return Object.keys(labels).length === 0 ? [] : label(state, { labels }, "sets");
}

/** Make complete what is not, or take it back where all of it is. @returns {Wish[]} */
export function toggleComplete(state) {
  const all = targets(state).every(([first, last]) => (runAt(state.watched.labels.complete, first)?.[1] ?? -1) >= last);
  return label(state, { labels: { complete: !all } }, "sets");
}

/** Forget all that is latched. @returns {Wish[]} */
export function clearLatched(state) {
  const fields = Object.keys(latchedOf(state));
  const labels = Object.fromEntries(fields.map((field) => [field, field === "tags" ? [] : ""]));
  return fields.length === 0 ? [] : [{ command: "latch", body: { session: state.chosen, labels } }];
}

/** Move the ends of a run, in one step: what joins it gets its value, what leaves it is emptied. @returns {Wish[]} */
export function resize(state, field, [first, last, value], from, to) {
  const parts = [
    [from, Math.min(first - 1, to), value],
    [Math.max(last + 1, from), to, value],
    [first, Math.min(from - 1, last), ""],
    [Math.max(to + 1, first), last, ""],
  ]
    .filter(([start, end]) => start <= end)
    .map(([start, end, held]) => ({ ranges: [[start, end]], labels: { [field]: held } }));
  return parts.length === 0 ? [] : [wish(state, { parts })];
}

/** Bring an end of the selected run to the set in sight; a selection that is no run has nothing to say. @returns {Wish[]} */
export function moveEnd(state, end) {
  const run = state.selected === null ? undefined : selectedRun(state);
  return run === undefined ? [] : resize(state, state.selection.field, run, ...trimmed(state, end));
}

/** Give the run after the selected one, and what lies between them, the selected one's value. @returns {Wish[]} */
export function merge(state) {
  const { field, ranges } = state.selection ?? {};
  if (!field || ranges.length !== 1) return [];
  const runs = state.watched.labels[field];
  const run = runAt(runs, ranges[0][0]);
  const next = runs[runIndex(runs, ranges[0][1] + 1)];
  if (run === undefined || next === undefined) return [];
  return [wish(state, { ranges: [[ranges[0][1] + 1, next[1]]], labels: { [field]: run[2] } })];
}

/** The texts that wishes carry, by field. @param {Wish[]} wishes @returns {[string, string][]} */
export const textsOf = (wishes) =>
  wishes.flatMap(({ body: { labels = {}, add_tags: tags = [] } }) => [
    ...Object.entries({ ...labels, tags: [labels.tags ?? [], tags].flat() }).flatMap(([field, value]) =>
      [value].flat().filter((one) => typeof one === "string").map((text) => [field, text]),
    ),
  ]);

/** Most stretches of sets in one command: with more it would not fit on the line. */
const STRETCHES = 8000;

export const latchedOf = (state) => state.sessions.find((session) => session.session_id === state.chosen)?.latched ?? {};

const wish = (state, body) => ({ command: "label", body: { session: state.chosen, ...body } });

function label(state, body, scope) {
  if (state.chosen === null || state.selected === null) return [];
  if (scope === "recent") return [wish(state, { ...body, seconds: state.seconds, until: inSight(state) })];
  const ranges = targets(state);
  return Array.from({ length: Math.ceil(ranges.length / STRETCHES) }, (_, part) =>
    wish(state, { ...body, ranges: ranges.slice(part * STRETCHES, (part + 1) * STRETCHES) }),
  );
}
