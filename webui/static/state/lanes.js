/** Lanes along the film strip: their order, and the colours of the values in them. Pure. */
import { FIELD_NAMES, FIELDS, nameOf, optionsOf, valuesIn } from "./labels.js";
import { indexAt } from "./ranges.js";
import { suggestionsOf } from "./suggestions.js";

/**
 * Fills of runs, the first ones furthest apart. Any two differ by 19 in CIELAB and more with deuteranopia or protanopia, and by 38
 * without; each has a contrast of 3 with the lane, and of 4.5 with its ink.
 */
export const PALETTE = ["#5cb0f8", "#b03838", "#c8d468", "#745cb0", "#149868", "#f8bca4", "#bc802c", "#44e0ec", "#387480", "#f88cbc"];

const LIGHT_INK = "#ffffff";
const DARK_INK = "#08090a";
/** Relative luminance at which both inks have the same contrast. */
const MIDDLE = 0.18;

/** Relative luminance of a colour such as `#5cb0f8`, from 0 to 1; by WCAG 2.1. */
function luminanceOf(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Ink of the names in runs of a fill. */
const inkOf = (fill) => (luminanceOf(fill) > MIDDLE ? DARK_INK : LIGHT_INK);

/** @typedef {{fill: string, ink: string, stripes: boolean}} Look */

const looksByRuns = new WeakMap();

/**
 * The look of each value in a lane: the colour that the label set gives it, else the fill of its place in the list of options, or a
 * free one where that is taken. Where there are more values than fills, those left are striped.
 * @returns {Map<string, Look>}
 */
export function looksOf(watched, field) {
  const runs = watched.labels[field];
  const known = looksByRuns.get(runs);
  if (known?.options === watched.labelOptions) return known.looks;
  const used = valuesIn(watched.labels, field);
  const places = new Map(optionsOf(watched, field).flatMap(({ value }, place) => (used.has(value) ? [[value, place % PALETTE.length]] : [])));
  const looks = new Map();
  const free = new Set(PALETTE.keys());
  for (const { value, colour } of optionsOf(watched, field)) {
    if (colour === undefined || !used.has(value)) continue;
    looks.set(value, { fill: colour, ink: inkOf(colour), stripes: false });
    free.delete(PALETTE.indexOf(colour));
  }
  const give = (value, place, stripes) => looks.set(value, { fill: PALETTE[place], ink: inkOf(PALETTE[place]), stripes });
  for (const [value, place] of places) if (!looks.has(value) && free.delete(place)) give(value, place, false);
  for (const [value, place] of places) {
    if (looks.has(value)) continue;
    const [other] = free;
    free.delete(other);
    give(value, other ?? place, other === undefined);
  }
  looksByRuns.set(runs, { options: watched.labelOptions, looks });
  return looks;
}

/**
 * The lanes from top to bottom: one for each label field, then one for suggested labels where there are any.
 * @returns {{kind: "labels" | "suggestions", field: string, name: string}[]}
 */
export function lanesOf(state) {
  const lanes = FIELDS.map((field) => ({ kind: "labels", field, name: FIELD_NAMES[field] }));
  const { field } = suggestionsOf(state);
  return field === "" ? lanes : [...lanes, { kind: "suggestions", field, name: `${FIELD_NAMES[field]}?` }];
}

/** Runs that are listed at most. */
const MAX_LISTED = 200;

/**
 * The runs of all lanes that overlap a part of the session, as a table: lane by lane, the first ones, and how many more there are.
 * @returns {{rows: {field: string, name: string, value: string, first: number, last: number}[], more: number}}
 */
export function runsBetween(watched, first, last) {
  const rows = [];
  let more = 0;
  for (const field of FIELDS) {
    const runs = watched.labels[field];
    const to = indexAt(runs, last);
    const end = runs[to]?.[0] <= last ? to + 1 : to;
    const from = indexAt(runs, first);
    const listed = runs.slice(from, Math.min(end, from + MAX_LISTED - rows.length));
    more += Math.max(end - from, 0) - listed.length;
    rows.push(...listed.map(([start, stop, value]) => ({ field, name: FIELD_NAMES[field], value: nameOf(watched, field, value), first: start, last: stop })));
  }
  return { rows, more };
}
