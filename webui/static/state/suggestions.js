/**
 * Suggestions for labels, which nobody has given yet, and labels that memory contradicts. Pure.
 *
 * @typedef {{first: number, last: number, value: string, confidence: number, reason: string}} Suggestion for the sets between `first` and
 *   `last` that have no label in the field
 * @typedef {{first: number, last: number, label: string, value: string, reason: string}} Disagreement `label` was given, memory tells `value`
 */
import { formatNumber } from "./format.js";
import { memoized } from "./memoized.js";
import { countOf, intersect, subtract, unite } from "./ranges.js";
import { runAt } from "./runs.js";

/**
 * - `field`: the label field for which there are suggestions, empty while there are none to be
 * - `session`: whose suggestions these are
 * - `toldBy`: addresses of the bytes that tell the field, as hex digits; `note`: why nothing is suggested
 * - `isAwaited`: whether the answer has not come yet
 */
export const NO_SUGGESTIONS = { field: "", session: null, suggestions: [], disagreements: [], toldBy: [], note: "", problem: "", isAwaited: false };

/** Rows that are remembered as left as they are, the latest. */
const MAX_KEPT = 2000;

/** The suggestions of the chosen session; none, `isAwaited`, where no answer for it has come yet. */
export function suggestionsOf(state) {
  const { suggested } = state;
  return suggested.session === state.chosen ? suggested : { ...NO_SUGGESTIONS, field: suggested.field, isAwaited: suggested.field !== "" };
}

/** Key of a row of the review. */
const keyOf = (session, field, { first, last, label = "", value }) => [session, field, first, last, label, value].join("/");

/** The suggestions that are for any set, each with the number of its sets: recorded and without a label in the field. */
const withSets = memoized((suggestions, ranges, runs) =>
  suggestions.map((one) => ({ ...one, sets: countOf(subtract(intersect(ranges, [[one.first, one.last]]), runs)) })).filter(({ sets }) => sets > 0),
);

/** The disagreements whose label is still there. */
const withLabel = memoized((disagreements, runs) => disagreements.filter(({ first, label }) => runAt(runs, first)?.[2] === label));

/** The suggestions that still have sets without a label, each with the number of these. @returns {(Suggestion & {sets: number})[]} */
export function openSuggestions(state) {
  const { field, suggestions } = suggestionsOf(state);
  if (state.watched === null || field === "") return [];
  return withSets(suggestions, state.watched.ranges, state.watched.labels[field]);
}

/** The labels that memory still contradicts. @returns {Disagreement[]} */
export function openDisagreements(state) {
  const { field, disagreements } = suggestionsOf(state);
  if (state.watched === null || field === "") return [];
  return withLabel(disagreements, state.watched.labels[field]);
}

/** Rows of the review: labels that memory contradicts, then suggestions, without those that a person has left as they are. */
export function reviewRows(state) {
  const { field } = suggestionsOf(state);
  return [...openDisagreements(state), ...openSuggestions(state)].filter((row) => !state.keptRows.includes(keyOf(state.chosen, field, row)));
}

const holding = (rows, number) => rows.find(({ first, last }) => first <= number && number <= last);

/** The suggestion at a set, or the label there that memory contradicts; undefined where there is neither. */
export const suggestionAt = (state, number) => holding(openSuggestions(state), number) ?? holding(openDisagreements(state), number);

/** The suggestion at a set of a lane in words, empty where there is none. */
export function suggestionInWords(row) {
  if (row === undefined) return "";
  const what = row.label === undefined ? `${row.value}, ${Math.round(100 * row.confidence)} %` : `${row.value} instead of ${row.label}`;
  return `${what}: ${row.reason}`;
}

/** `42` or `42 – 60`. */
export const rangeText = ({ first, last }) => (first === last ? formatNumber(first) : `${formatNumber(first)} – ${formatNumber(last)}`);

/** The sets from the first to the last of each row. @returns {import("./ranges.js").Ranges} */
export const rangesOf = (rows) => unite(rows.map(({ first, last }) => [first, last]));

const withSuggested = (state, changed) => ({ ...state, suggested: { ...state.suggested, ...changed } });

export const suggestionReducers = {
  /** Suggest labels of a field from now on; empty: of none. */
  suggestField: (state, { field }) => withSuggested(state, { ...NO_SUGGESTIONS, field }),
  suggestions(state, { session, field, suggestions, disagreements, told_by: toldBy, note }) {
    if (session !== state.chosen || field !== state.suggested.field) return state;
    return withSuggested(state, { session, suggestions, disagreements, toldBy, note: note ?? "", problem: "" });
  },
  suggestionsProblem(state, { session, field, message }) {
    if (session !== state.chosen || field !== state.suggested.field) return state;
    return withSuggested(state, { ...suggestionsOf(state), session, problem: message, isAwaited: false });
  },
  /** Leave a row of the review as it is. */
  keepRow: (state, { row }) => ({ ...state, keptRows: [...state.keptRows.slice(1 - MAX_KEPT), keyOf(state.chosen, state.suggested.field, row)] }),
};
