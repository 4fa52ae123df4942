/**
 * Label lanes along the film strip, one for each field: select by dragging, resize runs by their ends.
 *
 * Drawn on a canvas, because a long session has tens of thousands of runs.
 */
import { html, useLayoutEffect, useRef, useState } from "../vendor/htm-preact/standalone.module.js";
import { countedSets } from "../state/format.js";
import { coverageOf, FIELD_NAMES, FIELDS, hueOf, isFiltering, matching, nameOf } from "../state/labels.js";
import { indexAt, subtract } from "../state/ranges.js";
import { runAt } from "../state/runs.js";
import { openDisagreements, openSuggestions, suggestionAt, suggestionInWords, suggestionsOf } from "../state/suggestions.js";
import { numberAt, xOf } from "../state/timeline.js";
import { resizeCanvas } from "./hooks.js";

/** Height of a lane in px; touch needs more than a mouse. */
const LANE = matchMedia("(pointer: coarse)").matches ? 26 : 14;
/** Height of the lane of complete and flawed sets. */
const COMPLETE_LANE = 4;
/** Width in px of the area around a run's end that resizes it. */
const GRIP = LANE > 14 ? 14 : 5;
/** Colours of `style/tokens.css`: a canvas takes no variables. */
const TEXT = "#8e979f";
const ACCENT = "#e0a044";
const COMPLETE = "#5cb87f";
const FLAWED = "#ec7461";
/** Distance in px of the lines in a suggestion. */
const HATCH = 6;
const HEIGHT = FIELDS.length * LANE + COMPLETE_LANE + 2;

export function Lanes({ state, axis, left, dispatch }) {
  const canvas = useRef(null);
  const drag = useRef(null);
  const [, redraw] = useState(0);
  const { watched, selection } = state;
  const clamp = (number) => Math.min(Math.max(number, axis.first), axis.last);

  useLayoutEffect(() => {
    const context = resizeCanvas(canvas.current, axis.width, HEIGHT);
    if (watched !== null) draw(context, { state, axis, left, dragged: drag.current });
  });

  const positionOf = (event) => {
    const box = canvas.current.getBoundingClientRect();
    return { x: event.clientX - box.left, field: FIELDS[Math.floor((event.clientY - box.top) / LANE)] };
  };
  const edgeAt = ({ x, field }) => {
    if (!selection?.field || selection.field !== field) return null;
    const [first, last] = selection.ranges[0];
    const run = runAt(watched.labels[field], first);
    if (run === undefined) return null;
    if (Math.abs(x - (xOf(axis, first) - left)) <= GRIP) return { run, end: 0, first, last };
    if (Math.abs(x - (xOf(axis, last + 1) - left)) <= GRIP) return { run, end: 1, first, last };
    return null;
  };
  const onPointerDown = (event) => {
    const at = positionOf(event);
    if (watched === null || at.field === undefined || axis.last < axis.first) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const number = clamp(numberAt(axis, left + at.x));
    const edge = edgeAt(at);
    drag.current = { field: at.field, from: number, x: at.x, moved: false, edge, extending: event.shiftKey };
  };
  const onPointerMove = (event) => {
    const at = positionOf(event);
    const dragged = drag.current;
    if (dragged === null) {
      canvas.current.style.cursor = edgeAt(at) ? "ew-resize" : "crosshair";
      const isSuggesting = watched !== null && at.field === suggestionsOf(state).field;
      canvas.current.title = isSuggesting ? suggestionInWords(suggestionAt(state, numberAt(axis, left + at.x))) : "";
      return;
    }
    if (Math.abs(at.x - dragged.x) > 3) dragged.moved = true;
    if (!dragged.moved) return;
    const number = clamp(numberAt(axis, left + at.x));
    if (dragged.edge) {
      dragged.edge[dragged.edge.end === 0 ? "first" : "last"] = number;
      redraw((times) => times + 1);
    } else dispatch({ type: "range", field: dragged.field, first: dragged.from, last: number });
  };
  const onPointerUp = () => {
    const dragged = drag.current;
    drag.current = null;
    if (dragged === null) return;
    if (dragged.moved && dragged.edge) {
      const { run, first, last } = dragged.edge;
      if (first <= last) {
        dispatch({ type: "resize", field: dragged.field, run: [...selection.ranges[0], run[2]], first, last });
      }
    } else if (!dragged.moved) {
      const run = runAt(watched.labels[dragged.field], dragged.from);
      dispatch({ type: "select", set: dragged.from, extending: dragged.extending });
      if (run !== undefined && !dragged.extending) dispatch({ type: "range", field: dragged.field, first: run[0], last: run[1] });
    }
  };
  const onDblClick = (event) => {
    const { field } = positionOf(event);
    if (field !== undefined) dispatch({ type: "optionList", field });
  };
  return html`
    <div class="lanes" role="img" aria-label="Labels along the session: ${watched === null ? "" : summaryOf(watched)}">
      <canvas
        ref=${canvas}
        style=${{ width: `${axis.width}px`, height: `${HEIGHT}px` }}
        onPointerDown=${onPointerDown}
        onPointerMove=${onPointerMove}
        onPointerUp=${onPointerUp}
        onPointerCancel=${() => {
          drag.current = null;
        }}
        onDblClick=${onDblClick}
      ></canvas>
    </div>
  `;
}

/** The lanes in words: the number of sets with a label of each field. */
const summaryOf = ({ labels }) => FIELDS.map((field) => `${FIELD_NAMES[field]} on ${countedSets(coverageOf(labels, field))}`).join(", ");

function draw(context, { state, axis, left, dragged }) {
  const { watched, selection, filter, selected } = state;
  const start = numberAt(axis, left) - 1;
  const end = numberAt(axis, left + axis.width) + 1;
  const x = (number) => Math.min(Math.max(xOf(axis, number) - left, -2), axis.width + 2);
  context.font = "10px system-ui, sans-serif";
  context.textBaseline = "middle";

  FIELDS.forEach((field, lane) => {
    const top = lane * LANE;
    context.fillStyle = "#101316";
    context.fillRect(0, top + 1, axis.width, LANE - 2);
    if (field === suggestionsOf(state).field) drawSuggestions(context, state, field, { start, end, x, top });
    drawRuns(context, watched, field, { start, end, x, top, width: axis.width });
    if (field === suggestionsOf(state).field) drawDisagreements(context, state, { start, end, x, top });
    context.fillStyle = TEXT;
    if (runAt(watched.labels[field], start + 2) === undefined) context.fillText(FIELD_NAMES[field], 6, top + LANE / 2);
  });
  const bottom = FIELDS.length * LANE + 1;
  context.fillStyle = COMPLETE;
  for (const [first, last] of visible(watched.labels.complete, start, end)) context.fillRect(x(first), bottom, Math.max(x(last + 1) - x(first), 1), COMPLETE_LANE - 1);
  context.fillStyle = FLAWED;
  for (const [first, last] of visible(watched.flawed, start, end)) context.fillRect(x(first), bottom, Math.max(x(last + 1) - x(first), 2), COMPLETE_LANE - 1);

  if (isFiltering(filter)) {
    context.fillStyle = "#08090ab8";
    const others = subtract([[Math.max(start, axis.first), Math.min(end, axis.last)]], matching(watched.labels, watched.ranges, watched.events, filter));
    for (const [first, last] of others) context.fillRect(x(first), 0, x(last + 1) - x(first), HEIGHT);
  }
  const ranges = dragged?.edge && dragged.moved ? [[dragged.edge.first, dragged.edge.last]] : (selection?.ranges ?? []);
  const lane = selection?.field ? FIELDS.indexOf(selection.field) : -1;
  const [top, height] = lane < 0 ? [0, FIELDS.length * LANE] : [lane * LANE, LANE];
  for (const [first, last] of visible(ranges, start, end)) {
    const [from, to] = [x(first), Math.max(x(last + 1), x(first) + 2)];
    context.fillStyle = `${ACCENT}${lane < 0 ? "30" : "18"}`;
    context.fillRect(from, top, to - from, height);
    context.strokeStyle = ACCENT;
    context.lineWidth = 1.5;
    context.strokeRect(from + 0.75, top + 0.75, Math.max(to - from - 1.5, 1), height - 1.5);
    if (lane >= 0) {
      context.fillStyle = ACCENT;
      context.fillRect(from, top + 3, 3, height - 6);
      context.fillRect(to - 3, top + 3, 3, height - 6);
    }
  }
  if (selected !== null) {
    context.fillStyle = ACCENT;
    context.fillRect(x(selected), 0, 1.5, HEIGHT);
  }
}

function drawRuns(context, watched, field, { start, end, x, top, width }) {
  let drawnTo = -Infinity;
  for (const [first, last, value] of visible(watched.labels[field], start, end)) {
    const [from, to] = [x(first), x(last + 1)];
    // Runs narrower than a pixel share one: it shows that there is a label.
    if (to <= drawnTo) continue;
    context.fillStyle = `hsl(${hueOf(watched, field, value)} 26% 37%)`;
    context.fillRect(from, top + 1, Math.max(to - from - 0.5, 1), LANE - 2);
    drawnTo = Math.max(to, from + 1);
    const visibleWidth = Math.min(to, width) - Math.max(from, 0);
    if (visibleWidth > 34) {
      context.save();
      context.beginPath();
      context.rect(Math.max(from, 0), top, visibleWidth - 4, LANE);
      context.clip();
      context.fillStyle = "#ffffff";
      context.fillText(nameOf(watched, field, value), Math.max(from, 0) + 6, top + LANE / 2 + 0.5);
      context.restore();
    }
  }
}

/** Suggestions as hatched outlines, under the labels that are there already. */
function drawSuggestions(context, state, field, { start, end, x, top }) {
  for (const { first, last, value } of openSuggestions(state)) {
    if (last < start || first > end) continue;
    const [from, to] = [x(first), Math.max(x(last + 1), x(first) + 1)];
    context.save();
    context.beginPath();
    context.rect(from, top + 1, to - from, LANE - 2);
    context.clip();
    context.strokeStyle = `hsl(${hueOf(state.watched, field, value)} 40% 62%)`;
    context.lineWidth = 1;
    context.strokeRect(from + 0.5, top + 1.5, Math.max(to - from - 1, 1), LANE - 3);
    context.beginPath();
    for (let at = Math.floor(from / HATCH) * HATCH - LANE; at < to; at += HATCH) {
      context.moveTo(at, top + LANE);
      context.lineTo(at + LANE, top);
    }
    context.globalAlpha = 0.45;
    context.stroke();
    context.globalAlpha = 1;
    context.fillStyle = "#ffffff";
    if (to - from > 40) context.fillText(`${nameOf(state.watched, field, value)}?`, Math.max(from, 0) + 6, top + LANE / 2 + 0.5);
    context.restore();
  }
}

/** A line under each label that memory contradicts. */
function drawDisagreements(context, state, { start, end, x, top }) {
  context.fillStyle = FLAWED;
  for (const { first, last } of openDisagreements(state)) {
    if (last >= start && first <= end) context.fillRect(x(first), top + LANE - 3, Math.max(x(last + 1) - x(first), 2), 2);
  }
}

/** The ranges or runs that overlap `[start, end]`. */
function* visible(runs, start, end) {
  for (let index = indexAt(runs, start); index < runs.length && runs[index][0] <= end; index += 1) yield runs[index];
}
