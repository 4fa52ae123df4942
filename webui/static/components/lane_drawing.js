/** Drawing of the label lanes on their canvas, because a long session has tens of thousands of runs. */
import { nameOf } from "../state/labels.js";
import { lanesOf, looksOf } from "../state/lanes.js";
import { indexAt, subtract } from "../state/ranges.js";
import { filteredSets, isFiltering } from "../state/set_filter.js";
import { openDisagreements, openSuggestions } from "../state/suggestions.js";
import { numberAt, xOf } from "../state/timeline.js";

/** Height of a lane in px; touch needs more than a mouse. */
export const LANE = matchMedia("(pointer: coarse)").matches ? 28 : 22;
/** Height of the lane of complete and flawed sets. */
const COMPLETE_LANE = 4;
const FONT = "12px system-ui, sans-serif";
/** Width in px from which on a run has its name in it. */
const NAMED = 28;
/** Distance in px of the lines in a suggestion, and of the stripes in a run. */
const HATCH = 6;
/** Colours of `style/tokens.css`: a canvas takes no variables. */
const LANE_GROUND = "#101316";
const ACCENT = "#e0a044";
const COMPLETE = "#5cb87f";
const FLAWED = "#ec7461";
const SUGGESTED_INK = "#ffffff";
const STRIPE = "#08090a66";
const FILTERED_OUT = "#08090ab8";

/** Height of the canvas in px. */
export const heightOf = (state) => lanesOf(state).length * LANE + COMPLETE_LANE + 2;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{state: object, axis: import("../state/timeline.js").Axis, left: number, resized: {first: number, last: number} | null}} view
 *   `resized`: the selected run while its end is dragged
 */
export function drawLanes(context, { state, axis, left, resized }) {
  const { watched, selection, filter, selected } = state;
  const lanes = lanesOf(state);
  const start = numberAt(axis, left) - 1;
  const end = numberAt(axis, left + axis.width) + 1;
  const x = (number) => Math.min(Math.max(xOf(axis, number) - left, -2), axis.width + 2);
  context.font = FONT;
  context.textBaseline = "middle";

  lanes.forEach(({ kind, field }, lane) => {
    const place = { start, end, x, top: lane * LANE, width: axis.width };
    context.fillStyle = LANE_GROUND;
    context.fillRect(0, place.top + 1, axis.width, LANE - 2);
    if (kind === "labels") drawRuns(context, watched, field, place);
    else drawSuggestions(context, state, field, place);
  });
  drawDisagreements(context, state, lanes, { start, end, x });

  const bottom = lanes.length * LANE + 1;
  context.fillStyle = COMPLETE;
  for (const [first, last] of visible(watched.labels.complete, start, end)) context.fillRect(x(first), bottom, Math.max(x(last + 1) - x(first), 1), COMPLETE_LANE - 1);
  context.fillStyle = FLAWED;
  for (const [first, last] of visible(watched.flawed, start, end)) context.fillRect(x(first), bottom, Math.max(x(last + 1) - x(first), 2), COMPLETE_LANE - 1);

  if (isFiltering(filter)) {
    context.fillStyle = FILTERED_OUT;
    const others = subtract([[Math.max(start, axis.first), Math.min(end, axis.last)]], filteredSets(state));
    for (const [first, last] of others) context.fillRect(x(first), 0, x(last + 1) - x(first), heightOf(state));
  }
  const ranges = resized ? [[resized.first, resized.last]] : (selection?.ranges ?? []);
  const lane = lanes.findIndex(({ kind, field }) => kind === "labels" && field === selection?.field);
  drawSelection(context, visible(ranges, start, end), x, lane < 0 ? { top: 0, height: lanes.length * LANE } : { top: lane * LANE, height: LANE, isRun: true });
  if (selected !== null) {
    context.fillStyle = ACCENT;
    context.fillRect(x(selected), 0, 1.5, heightOf(state));
  }
}

function drawRuns(context, watched, field, { start, end, x, top, width }) {
  const looks = looksOf(watched, field);
  let drawnTo = -Infinity;
  for (const [first, last, value] of visible(watched.labels[field], start, end)) {
    const [from, to] = [x(first), x(last + 1)];
    // Runs narrower than a pixel share one: it shows that there is a label.
    if (to <= drawnTo) continue;
    const { fill, ink, stripes } = looks.get(value);
    const shown = Math.max(to - from - 1, 1);
    context.fillStyle = fill;
    context.fillRect(from, top + 1, shown, LANE - 2);
    drawnTo = Math.max(to, from + 1);
    const isNamed = Math.min(to, width) - Math.max(from, 0) > NAMED;
    if (!stripes && !isNamed) continue;
    context.save();
    context.beginPath();
    context.rect(Math.max(from, 0), top + 1, Math.min(from + shown, width) - Math.max(from, 0), LANE - 2);
    context.clip();
    if (stripes) {
      context.strokeStyle = STRIPE;
      context.lineWidth = 2;
      drawHatching(context, from, Math.min(to, width), top, HATCH);
    }
    if (isNamed) drawName(context, nameOf(watched, field, value), { from, top, ink, ground: stripes ? fill : null });
    context.restore();
  }
}

/** A name at the left end of a run, or of its part in sight; on a ground of its own where the run is striped. */
function drawName(context, name, { from, top, ink, ground }) {
  const at = Math.max(from, 0) + 6;
  if (ground !== null) {
    context.fillStyle = ground;
    context.fillRect(at - 3, top + 1, context.measureText(name).width + 6, LANE - 2);
  }
  context.fillStyle = ink;
  context.fillText(name, at, top + LANE / 2 + 0.5);
}

/** Suggestions as hatched outlines, for they are no labels yet. */
function drawSuggestions(context, state, field, { start, end, x, top, width }) {
  const looks = looksOf(state.watched, field);
  for (const { first, last, value } of [...openSuggestions(state), ...openDisagreements(state)]) {
    if (last < start || first > end) continue;
    const [from, to] = [x(first), Math.max(x(last + 1), x(first) + 1)];
    context.save();
    context.beginPath();
    context.rect(from, top + 1, to - from, LANE - 2);
    context.clip();
    context.strokeStyle = looks.get(value)?.fill ?? SUGGESTED_INK;
    context.lineWidth = 1;
    context.strokeRect(from + 0.5, top + 1.5, Math.max(to - from - 1, 1), LANE - 3);
    context.globalAlpha = 0.45;
    drawHatching(context, from, to, top, HATCH);
    context.globalAlpha = 1;
    if (Math.min(to, width) - Math.max(from, 0) > NAMED) drawName(context, nameOf(state.watched, field, value), { from, top, ink: SUGGESTED_INK, ground: LANE_GROUND });
    context.restore();
  }
}

function drawHatching(context, from, to, top, distance) {
  context.beginPath();
  for (let at = Math.floor(from / distance) * distance - LANE; at < to; at += distance) {
    context.moveTo(at, top + LANE);
    context.lineTo(at + LANE, top);
  }
  context.stroke();
}

/** A line under each label that memory contradicts, and under what memory tells instead. */
function drawDisagreements(context, state, lanes, { start, end, x }) {
  const { field } = state.suggested;
  context.fillStyle = FLAWED;
  for (const { first, last } of openDisagreements(state)) {
    if (last < start || first > end) continue;
    lanes.forEach((lane, index) => {
      if (lane.field === field) context.fillRect(x(first), (index + 1) * LANE - 3, Math.max(x(last + 1) - x(first), 2), 2);
    });
  }
}

function drawSelection(context, ranges, x, { top, height, isRun = false }) {
  for (const [first, last] of ranges) {
    const [from, to] = [x(first), Math.max(x(last + 1), x(first) + 2)];
    context.fillStyle = `${ACCENT}${isRun ? "18" : "30"}`;
    context.fillRect(from, top, to - from, height);
    context.strokeStyle = ACCENT;
    context.lineWidth = 1.5;
    context.strokeRect(from + 0.75, top + 0.75, Math.max(to - from - 1.5, 1), height - 1.5);
    if (!isRun) continue;
    context.fillStyle = ACCENT;
    context.fillRect(from, top + 3, 3, height - 6);
    context.fillRect(to - 3, top + 3, 3, height - 6);
  }
}

/** The ranges or runs that overlap `[start, end]`. */
function* visible(runs, start, end) {
  for (let index = indexAt(runs, start); index < runs.length && runs[index][0] <= end; index += 1) yield runs[index];
}
