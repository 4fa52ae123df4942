/** Label lanes along the film strip: select by dragging, which opens the values of the lane; resize runs by their ends. */
import { html, useLayoutEffect, useRef, useState } from "../vendor/htm-preact/standalone.module.js";
import { countedSets } from "../state/format.js";
import { coverageOf, FIELD_NAMES, FIELDS } from "../state/labels.js";
import { lanesOf } from "../state/lanes.js";
import { nearest } from "../state/ranges.js";
import { runAt } from "../state/runs.js";
import { suggestionAt, suggestionInWords, suggestionsOf } from "../state/suggestions.js";
import { numberAt, xOf } from "../state/timeline.js";
import { DragPreview } from "./drag_preview.js";
import { resizeCanvas } from "./hooks.js";
import { drawLanes, heightOf, LANE } from "./lane_drawing.js";
import { LaneName } from "./lane_name.js";
import { LaneTable } from "./lane_table.js";
import { onRovingKey } from "./roving.js";

/** Reach in px, inside the selected run, of the grips at its ends that resize it. */
const GRIP = LANE > 22 ? 14 : 6;
/** The same outside: with a mouse small, for the next label is dragged from where this one ends. */
const OUTER_GRIP = LANE > 22 ? 14 : 2;

export function Lanes({ state, session, axis, left, dispatch }) {
  const canvas = useRef(null);
  const drag = useRef(null);
  /** The set under the end that is dragged, or null. */
  const [draggedTo, setDraggedTo] = useState(null);
  const { watched, selection } = state;
  const lanes = lanesOf(state);
  const height = heightOf(state);
  const clamp = (number) => Math.min(Math.max(number, axis.first), axis.last);

  useLayoutEffect(() => {
    const context = resizeCanvas(canvas.current, axis.width, height);
    const resized = drag.current?.moved ? drag.current.edge : null;
    if (watched !== null) drawLanes(context, { state, axis, left, resized });
  });

  const positionOf = (event) => {
    const box = canvas.current.getBoundingClientRect();
    return { x: event.clientX - box.left, lane: lanes[Math.floor((event.clientY - box.top) / LANE)] };
  };
  const edgeAt = ({ x, lane }) => {
    if (!selection?.field || lane?.kind !== "labels" || lane.field !== selection.field) return null;
    const [first, last] = selection.ranges[0];
    const run = runAt(watched.labels[lane.field], first);
    if (run === undefined) return null;
    const inwards = [x - (xOf(axis, first) - left), xOf(axis, last + 1) - left - x];
    const end = Math.abs(inwards[0]) <= Math.abs(inwards[1]) ? 0 : 1;
    return -OUTER_GRIP <= inwards[end] && inwards[end] <= GRIP ? { run, end, first, last } : null;
  };
  const onPointerDown = (event) => {
    const at = positionOf(event);
    if (watched === null || at.lane === undefined || axis.last < axis.first) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const number = clamp(numberAt(axis, left + at.x));
    drag.current = { field: at.lane.field, from: number, x: at.x, moved: false, edge: edgeAt(at), extending: event.shiftKey };
  };
  const onPointerMove = (event) => {
    const at = positionOf(event);
    const dragged = drag.current;
    if (dragged === null) {
      canvas.current.style.cursor = edgeAt(at) ? "ew-resize" : "crosshair";
      const isSuggesting = watched !== null && at.lane?.field === suggestionsOf(state).field;
      canvas.current.title = isSuggesting ? suggestionInWords(suggestionAt(state, numberAt(axis, left + at.x))) : "";
      return;
    }
    if (Math.abs(at.x - dragged.x) > 3) dragged.moved = true;
    if (!dragged.moved) return;
    const number = clamp(numberAt(axis, left + at.x));
    setDraggedTo(number);
    if (dragged.edge) dragged.edge[dragged.edge.end === 0 ? "first" : "last"] = number;
    else dispatch({ type: "range", field: dragged.field, first: dragged.from, last: number });
  };
  const endDrag = () => {
    const dragged = drag.current;
    drag.current = null;
    setDraggedTo(null);
    return dragged;
  };
  const onPointerUp = () => {
    const dragged = endDrag();
    if (dragged === null) return;
    if (dragged.moved && dragged.edge) {
      const { run, first, last } = dragged.edge;
      if (first <= last) {
        dispatch({ type: "resize", field: dragged.field, run: [...selection.ranges[0], run[2]], first, last });
      }
    } else if (dragged.moved) {
      if (state.optionList !== dragged.field) dispatch({ type: "optionList", field: dragged.field });
    } else {
      const run = runAt(watched.labels[dragged.field], dragged.from);
      dispatch({ type: "select", set: dragged.from, extending: dragged.extending });
      if (run !== undefined && !dragged.extending) dispatch({ type: "range", field: dragged.field, first: run[0], last: run[1] });
    }
  };
  const onDblClick = (event) => {
    const { lane } = positionOf(event);
    if (lane !== undefined) dispatch({ type: "optionList", field: lane.field });
  };
  return html`
    <div class="strip-row lanes" role="group" aria-label="Lanes" tabindex="0">
      <${LaneNames} lanes=${lanes} state=${state} dispatch=${dispatch} />
      <canvas
        ref=${canvas}
        role="img"
        aria-label="Labels along the session: ${watched === null ? "" : summaryOf(watched)}"
        style=${{ width: `${axis.width}px`, height: `${height}px` }}
        onPointerDown=${onPointerDown}
        onPointerMove=${onPointerMove}
        onPointerUp=${onPointerUp}
        onPointerCancel=${endDrag}
        onDblClick=${onDblClick}
      ></canvas>
      ${draggedTo !== null &&
      html`
        <${DragPreview}
          session=${session}
          set=${nearest(watched.ranges, draggedTo)}
          x=${xOf(axis, draggedTo) - left}
          lanes=${canvas.current.getBoundingClientRect()}
        />
      `}
      <${LaneTable} watched=${watched} axis=${axis} left=${left} />
    </div>
  `;
}

/** The names of the lanes; the chosen one is the lane by whose changes one steps. */
function LaneNames({ lanes, state, dispatch }) {
  return html`
    <div class="lane-names" role="radiogroup" aria-label="Lane to step by" onKeyDown=${onRovingKey}>
      ${lanes.map(({ kind, field, name }) =>
        kind === "labels"
          ? html`<${LaneName} key=${field} lane=${field} name=${name} height=${LANE} state=${state} dispatch=${dispatch} />`
          : html`<div key="suggestions" class="lane-name" style=${{ height: `${LANE}px` }}>${name}</div>`,
      )}
    </div>
  `;
}

/** The lanes in words: the number of sets with a label of each field. */
const summaryOf = ({ labels }) => FIELDS.map((field) => `${FIELD_NAMES[field]} on ${countedSets(coverageOf(labels, field))}`).join(", ");
