/**
 * Labels and answers of finding, as texts and in plain words. Pure.
 *
 * A label is one line of text in the form of `daemon/finding/evidence.py`: the reading `812=23`, with ` live` behind it where it was
 * typed while the game ran on, or the event `down@900`, with ` paused` behind it where it was not.
 *
 * @typedef {{name: string, labels: string[], axis: string, field: string}} Query `axis`: a pair of buttons, `Left/Right`, or empty;
 *   `field`: the label field whose value the variable tells, or empty
 */
import { isNumber } from "./filters.js";

/** Lead of the first candidate, in nats, from which on the daemon calls it certain. */
const CERTAIN_NATS = 4;

/** Most pieces of evidence that a name keeps. */
const MAX_EVIDENCE = 32;

/** Longest piece of evidence, in characters. */
const MAX_EVIDENCE_TEXT = 200;

/** Name of a query that has none yet. */
export const UNNAMED = "variable";

/** Words of an event, by its direction. */
export const DIRECTIONS = { down: "fell", up: "rose", changed: "changed" };

/**
 * Parse of a typed text: `hp 23`, `23` for the query in view, or `hp` to go to that query; null where it is none of these.
 * @returns {{name: string | null, value: number | null} | null}
 */
export function parseReading(text) {
  const typed = text.trim().replace(/(\d),(\d)/g, "$1.$2");
  const [, name, number] = /^(?:(.*?)[\s:=]+)?(\S+)$/.exec(typed) ?? [];
  if (number === undefined) return null;
  if (isNumber(number)) return { name: name?.trim() || null, value: Number(number) };
  return { name: typed, value: null };
}

/** The parts of a label, or null where it is none. @returns {{kind: "reading" | "event", number: number, words: string, isLive: boolean} | null} */
export function parseLabel(text) {
  const [, set, value, live] = /^(\d+)=(\S+)( live)?$/.exec(text) ?? [];
  if (set !== undefined) return { kind: "reading", number: Number(set), words: `is ${value}`, isLive: live !== undefined };
  const [, direction, at, paused] = /^(\w+)@(\d+)( paused)?$/.exec(text) ?? [];
  if (!(direction in DIRECTIONS)) return null;
  return { kind: "event", number: Number(at), words: DIRECTIONS[direction], isLive: paused === undefined };
}

/** A query in the form of bus and files. */
export const storedQuery = ({ name, labels, axis, field }) => ({
  name: name || UNNAMED,
  readings: labels.filter((text) => parseLabel(text).kind === "reading"),
  events: labels.filter((text) => parseLabel(text).kind === "event"),
  axis: axis || null,
  field: field || null,
});

/** The query of a stored form. @returns {Query} */
export const fromStored = ({ name, readings, events, axis, field }) => ({
  name,
  labels: [...readings, ...events].filter((text) => parseLabel(text) !== null),
  axis: axis ?? "",
  field: field ?? "",
});

/** Certainty of the first candidate in words. @param {{ask: number | null, certainty: string}} answer @param {object[]} candidates in order */
export function certaintyInWords({ ask, certainty }, candidates) {
  if (candidates[0]?.verdict === "source") return "Confirmed by a probe";
  if (candidates.length === 0) return "Nothing fits";
  if (certainty === "certain") return "Certain";
  if (certainty !== "likely") return "Not yet";
  if (ask === null) return "Likely, and no picture would tell more";
  const left = picturesLeft(candidates);
  // Where labels alone speak, it is labels that are given next.
  const { evidence } = candidates[0];
  const noun = evidence.length > 0 && evidence.every(({ kind }) => kind === "state") ? "labelled run" : "picture";
  return `Likely, ${left} more ${noun}${left === 1 ? "" : "s"} would settle it`;
}

/** Pictures that would leave one candidate, if each rules out half of the rivals that are too close to the first. */
function picturesLeft([first, ...others]) {
  const rivals = others.filter(({ score }) => first.score - score <= CERTAIN_NATS).length;
  return Math.max(1, Math.ceil(Math.log2(rivals + 1)));
}

/** The number on the screen for a stored value. @param {string} form of the candidate: `=`, `+1`, `x10` */
export function shownNumber(value, form) {
  if (value === null || value === undefined) return null;
  const { factor, offset } = scaleOf(form);
  return value * factor + offset;
}

const scaleOf = (form) => ({
  factor: form.startsWith("x") ? Number(form.slice(1)) : 1,
  offset: /^[-+]/.test(form) ? Number(form) : 0,
});

/**
 * The name that accepting a candidate gives, as `daemon/finding/accepting.py` gives it.
 * @param {Query} query @param {object} candidate @param {object | null} answer that has it, first or not
 */
export function acceptedName({ name }, { address, type, form, evidence, verdict }, answer) {
  const [first] = answer?.candidates ?? [];
  const isFirst = first?.address === address && first.type === type;
  const lead = isFirst ? [`found by evidence, ${answer.certainty}: ${answer.lead.toFixed(1)} nats before the next`] : [];
  const lines = evidence.filter(({ holds }) => holds).map(({ kind, number, text }) => `${kind}${kind === "axis" ? "" : ` at ${number}`}: ${text}`);
  return {
    name: name || UNNAMED,
    address,
    type,
    status: verdict === "source" ? "confirmed" : isFirst && answer.certainty === "certain" ? "certain" : "guess",
    ...(form !== "=" && { scale: { ...scaleOf(form), unit: "" } }),
    evidence: [...lead, ...lines].slice(0, MAX_EVIDENCE).map((text) => text.slice(0, MAX_EVIDENCE_TEXT)),
  };
}
