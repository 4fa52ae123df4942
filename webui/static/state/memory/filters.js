/**
 * Filters of a search: made from what a person picks, and put into plain words. Pure.
 *
 * A filter is one line of text, `fell 300..700`, in the grammar of `daemon/analysis/filters.py`, which alone decides what it means.
 */
import { formatNumber } from "../format.js";
import { FIELD_NAMES, FIELDS } from "../labels.js";

/** Comparisons of a value at one moment, by their sign. */
export const COMPARISONS = {
  "=": "it is",
  "!=": "it is not",
  "<": "it is less than",
  ">": "it is more than",
  between: "it is between",
};

/** Courses of a value over a stretch, as sentences, by the word of the grammar. */
export const COURSES = {
  fell: "fell",
  rose: "rose",
  changed: "changed",
  same: "stayed the same",
};

/** Courses with a number behind them. */
export const COUNTED_COURSES = {
  "changed by": { words: "it changed by", after: "" },
  "times >=": { words: "it changed at least", after: "times" },
  "times <=": { words: "it changed at most", after: "times" },
  "times =": { words: "it changed exactly", after: "times" },
};

const NUMBER = /^[-+]?(\d+(\.\d+)?|0x[0-9a-f]+)$/i;

/** True for a number as a person writes it: `23`, `-3`, `1.5`, `0x17`. */
export const isNumber = (text) => NUMBER.test(text.trim());

/** `= 23 @ 300`, or null where the numbers are not numbers. @param {string[]} numbers one, or two for `between` */
export function comparisonFilter(comparison, numbers, moment) {
  const wanted = numbers.slice(0, comparison === "between" ? 2 : 1).map((number) => number.trim());
  return wanted.every(isNumber) ? `${comparison} ${wanted.join(" ")} @ ${moment}` : null;
}

/** `fell 300..700` */
export const courseFilter = (course, [first, last]) => `${course} ${first}..${last}`;

/** `changed by -3 300..700`, or null where the number is none. */
export const countedFilter = (course, number, [first, last]) => (isNumber(number) ? `${course} ${number.trim()} ${first}..${last}` : null);

/** `= @300 @ 700`: at the end it equals itself at the start. */
export const sameEndsFilter = ([first, last]) => `= @${first} @ ${last}`;

/** `!= @300 @ 700`: at the end it is another number than at the start, whatever was between. */
export const otherEndsFilter = ([first, last]) => `!= @${first} @ ${last}`;

export const heldFilter = (button) => `only while ${button}`;
export const labelledFilter = (field, value) => `only in ${field}=${quoted(value)}`;
export const togetherFilter = (address) => `changes with 0x${address}`;

/** A text that the grammar would not take as one word, in quotes. */
const quoted = (text) => (/^[\p{L}_](?:[\p{L}\d_-]|\.(?=[\p{L}\d_-]))*$/u.test(text) ? text : `"${text.replace(/["\\]/g, "\\$&")}"`);

/** Changes of a health that falls to 0 in one fight, at most. */
const MAX_HITS = 5;

/** The filters of what fell to 0 in a stretch: it is 0 at the end and more at the start, and it fell in few steps, as a health does and a timer does not. */
export const fellToZero = ([first, last]) => [`= 0 @ ${last}`, `> 0 @ ${first}`, `times <= ${MAX_HITS} ${first}..${last}`];

const momentInWords = (moment) => {
  if (/^\d+$/.test(moment)) return `set ${formatNumber(Number(moment))}`;
  if (moment === "first" || moment === "last") return `the ${moment} set`;
  if (/^[\d:.]+$/.test(moment)) return `${moment} after the start`;
  return moment.replace(/^(start|end) of /, "the $1 of ");
};

const stretchInWords = (stretch) => {
  if (stretch === undefined || stretch === "" || stretch === "all") return "In the whole session";
  const [first, last] = stretch.split("..").map((moment) => momentInWords(moment.trim()));
  return last === undefined ? `In ${first}` : `From ${first} to ${last.replace(/^set /, "")}`;
};

const within = (stretch, sentence) => (stretch === undefined ? `It ${sentence}` : `${stretchInWords(stretch)} it ${sentence}`);

const COMPARED = { "=": "it is", "!=": "it is not", "<": "it is less than", "<=": "it is at most", ">": "it is more than", ">=": "it is at least" };
const COUNTED = { "=": "exactly ", ">=": "at least ", "<=": "at most ", ">": "more than ", "<": "fewer than ", "!=": "not " };

/** Sentences by the form of the filter; the first that fits is taken. */
const SENTENCES = [
  [/^(=|!=|<=?|>=?) @\s*(.+?) @ (.+)$/, (sign, other, at) => `At ${momentInWords(at)} ${{ "=": "it is the same as", "!=": "it is not the same as" }[sign] ?? `${COMPARED[sign]} what it was`} at ${momentInWords(other)}`],
  [/^(=|!=|<=?|>=?) (\S+) @ (.+)$/, (sign, number, at) => `At ${momentInWords(at)} ${COMPARED[sign]} ${number}`],
  [/^between (\S+) (\S+) @ (.+)$/, (low, high, at) => `At ${momentInWords(at)} it is between ${low} and ${high}`],
  [/^changed by (\S+)(?: (.+))?$/, (number, stretch) => `${stretchInWords(stretch)} it changed by ${number}`],
  [/^times (=|!=|<=?|>=?) (\d+)(?: (.+))?$/, (sign, number, stretch) => `${stretchInWords(stretch)} it changed ${COUNTED[sign]}${number === "1" ? "once" : `${number} times`}`],
  [/^(rose|fell|changed|same)(?: (.+))?$/, (course, stretch) => `${stretchInWords(stretch)} it ${COURSES[course]}`],
  [/^only while "?(.+?)"?(?: all| (\S+\.\.\S+))?$/, (buttons, stretch) => within(stretch, `changed only while ${buttons.replace("None", "no button")} was held`)],
  [/^only in (\w+)="?(.+?)"?(?: all| (\S+\.\.\S+))?$/, (field, value, stretch) => within(stretch, `changed only in sets labelled ${FIELD_NAMES[field] ?? field}: ${value}`)],
  [/^changes with (?:0x)?(.+?)(?: all| (\S+\.\.\S+))?$/, (address, stretch) => within(stretch, `changed whenever ${address} changed`)],
];

/** A filter in plain words; the text itself where it has none of the known forms. */
export function filterInWords(text) {
  for (const [form, sentence] of SENTENCES) {
    const found = form.exec(text.trim());
    if (found !== null) return sentence(...found.slice(1));
  }
  return text;
}

/** An answer's hint, in which filters stand between backticks, with each in plain words. */
export const hintInWords = (hint) => hint.replace(/`([^`]+)`/g, (_, text) => `“${filterInWords(text)}”`);

/** The moment that a filter speaks about last, as a set's number, or null. */
export function momentOf(text) {
  const found = /(?:@|\.\.)\s*(\d+)$/.exec(text.trim());
  return found === null ? null : Number(found[1]);
}

/** Labels of a session to filter by: of each field the values that occur. @returns {{field: string, values: string[]}[]} */
export const labelChoices = (labels, valuesIn) =>
  [...FIELDS, "tags"].map((field) => ({ field, values: [...valuesIn(labels, field)].sort() })).filter(({ values }) => values.length > 0);
