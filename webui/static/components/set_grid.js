/** Grid of frame sets, in the place of the single picture: thumbnails with labels, to review many by eye and label them at once. */
import { html, useEffect, useLayoutEffect, useRef, useState } from "../vendor/htm-preact/standalone.module.js";
import { thumbnailUrl } from "../link/frame_set_cache.js";
import { countedSets, formatNumber } from "../state/format.js";
import { isComposing, isModified } from "../state/keys.js";
import { ALL_FIELDS, FIELD_NAMES, FIELDS, labelsAt, nameOf } from "../state/labels.js";
import { looksOf } from "../state/lanes.js";
import { countOf, has } from "../state/ranges.js";
import { isFiltering } from "../state/set_filter.js";
import { gridSets, outdatedCount, placeOf, selectedSets, setAt, visibleRows } from "../state/set_grid.js";
import { useSize } from "./hooks.js";
import { KeyHint } from "./icons.js";

/** Size of a cell in px, with the gap around it, as in `style/set_grid.css`. */
const CELL = { width: 132, height: 136 };
/** Pause in ms after which scrolling counts as over, and thumbnails are fetched: a jump through 50,000 sets asks for none on its way. */
const SETTLED_MS = 80;
/** Fields whose values can stand under the pictures. */
const SHOWN_FIELDS = ALL_FIELDS.filter((field) => field !== "complete");

export function SetGrid({ state, dispatch }) {
  const [isPicking, setPicking] = useState(false);
  return html`
    <section class="frame-view set-grid-view" aria-label="Grid of frame sets">
      <${Toolbar} state=${state} isPicking=${isPicking} onPick=${() => setPicking(!isPicking)} dispatch=${dispatch} />
      <${Cells} state=${state} isPicking=${isPicking} dispatch=${dispatch} />
    </section>
  `;
}

function Toolbar({ state, isPicking, onPick, dispatch }) {
  const sets = countOf(gridSets(state));
  const selected = countOf(selectedSets(state));
  const outdated = outdatedCount(state);
  return html`
    <div class="toolbar set-grid-bar">
      <button class="button" title="Back to the single picture" onClick=${() => dispatch({ type: "toggleGrid" })}>Picture <${KeyHint} keys=${state.keys} name="grid" /></button>
      <output class="quiet" aria-live="polite">${selected > 0 ? html`<b>${formatNumber(selected)}</b> of ${formatNumber(sets)} selected` : setsText(state, sets)}</output>
      ${outdated > 0 && html`<button class="button" title="They stay until you filter again, so that nothing moves while you label" onClick=${() => dispatch({ type: "refreshGrid" })}>
        Hide ${formatNumber(outdated)} that no longer match
      </button>`}
      <span class="spacer"></span>
      <button class="button" aria-pressed=${isPicking} title="Each click or tap adds a set, or takes it out; also with Ctrl" onClick=${onPick}>Several</button>
      <button class="button" disabled=${sets === 0} title=${selected > 0 ? "Select none" : "Select all"} onClick=${() => dispatch({ type: selected > 0 ? "close" : "selectGrid" })}>${selected > 0 ? "None" : "All"}</button>
      <select class="input" aria-label="Label under the pictures" value=${state.grid.field} onChange=${(event) => dispatch({ type: "gridField", field: event.currentTarget.value })}>
        ${SHOWN_FIELDS.map((field) => html`<option key=${field} value=${field}>${FIELD_NAMES[field]}</option>`)}
      </select>
    </div>
  `;
}

/** `1,200 sets`, or how many of them match the filter. */
function setsText({ filter, watched }, sets) {
  return isFiltering(filter) ? `${formatNumber(sets)} of ${countedSets(countOf(watched?.ranges ?? []))}` : countedSets(sets);
}

function Cells({ state, isPicking, dispatch }) {
  const [body, size] = useSize();
  const [top, setTop] = useState(state.grid.top);
  const [settled, setSettled] = useState(state.grid.top);
  const timer = useRef(0);
  const drag = useRef(null);
  const pointerType = useRef("");
  const sets = gridSets(state);
  const count = countOf(sets);
  // Without a style sheet it would be as high as all its cells, and hold them all.
  const height = Math.min(size.height, innerHeight);
  const { columns, rows, held, first, last } = visibleRows({ count, width: size.width, height, top, cell: CELL });
  const margin = Math.max(0, Math.floor((size.width - columns * CELL.width) / 2));
  const place = placeOf(sets, state.selected);
  const hasSize = size.width > 0;

  const onScroll = () => {
    setTop(body.current.scrollTop);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      setSettled(body.current.scrollTop);
      dispatch({ type: "gridScrolled", top: body.current.scrollTop });
    }, SETTLED_MS);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  // The place where the grid was left, then as little as is needed to see the current set.
  useLayoutEffect(() => {
    if (hasSize) body.current.scrollTop = state.grid.top;
  }, [hasSize]);
  useLayoutEffect(() => {
    if (hasSize && place >= 0) reveal(body.current, Math.floor(place / columns));
  }, [hasSize, state.selected, columns]);
  useLayoutEffect(() => body.current.focus({ preventScroll: true }), []);
  // A palette that closes leaves the keyboard to the page: here the arrows belong to the grid.
  useLayoutEffect(() => {
    if (state.optionList === null && document.activeElement === document.body) body.current.focus({ preventScroll: true });
  }, [state.optionList]);

  const select = (set, { extending = false, toggling = false } = {}) => {
    if (extending) dispatch({ type: "extendInGrid", set });
    else dispatch({ type: toggling ? "toggleInGrid" : "select", set });
  };
  const cellAt = (event) => {
    const box = body.current.getBoundingClientRect();
    const column = Math.min(Math.max(Math.floor((event.clientX - box.left - margin) / CELL.width), 0), columns - 1);
    const row = Math.floor((event.clientY - box.top + body.current.scrollTop) / CELL.height);
    return setAt(sets, Math.min(Math.max(row * columns + column, 0), count - 1));
  };
  const pressed = (event) => {
    const cell = event.target.closest(".set-cell");
    return cell === null || event.target.closest("button") ? undefined : Number(cell.dataset.set);
  };
  const pointer = {
    onPointerDown(event) {
      const set = pressed(event);
      pointerType.current = event.pointerType;
      if (set === undefined || event.button !== 0 || event.pointerType === "touch") return;
      event.currentTarget.setPointerCapture(event.pointerId);
      drag.current = { from: set, to: set };
      select(set, modesOf(event, isPicking));
    },
    onPointerMove(event) {
      if (drag.current === null || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
      scrollTowards(body.current, event.clientY);
      const to = cellAt(event);
      if (to === undefined || to === drag.current.to) return;
      drag.current.to = to;
      select(to, { extending: true });
    },
    onPointerUp: () => {
      drag.current = null;
    },
    onPointerCancel: () => {
      drag.current = null;
    },
    // A touch scrolls where it moves, so it selects when it ends.
    onClick(event) {
      const set = pressed(event);
      if (set !== undefined && pointerType.current === "touch") select(set, modesOf(event, isPicking));
    },
    onDblClick(event) {
      const set = pressed(event);
      if (set !== undefined && !isPicking) dispatch({ type: "openFromGrid", set });
    },
  };
  const onKeyDown = (event) => {
    if (isComposing(event) || event.target !== event.currentTarget || count === 0 || state.optionList !== null) return;
    const isAll = event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey) && !event.altKey;
    const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, PageUp: -columns * pageOf(size), PageDown: columns * pageOf(size), Home: -count, End: count };
    const by = moves[event.key];
    const isPlain = !isModified(event);
    if (isAll) dispatch({ type: "selectGrid" });
    else if (isPlain && by !== undefined) select(setAt(sets, Math.min(Math.max(place + by, 0), count - 1)), { extending: event.shiftKey });
    else if (isPlain && event.key === " " && place >= 0) select(setAt(sets, place), { toggling: true });
    else if (isPlain && event.key === "Enter" && !event.shiftKey && place >= 0) dispatch({ type: "openFromGrid", set: setAt(sets, place) });
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const isSettled = Math.abs(settled - top) < size.height;
  const selection = selectedSets(state);
  // A row that comes in sight takes the elements of one that went out: making new ones costs more than the rest.
  const cells = [];
  for (let row = first; row < last; row += 1) {
    const numbers = Array.from({ length: Math.min(columns, count - row * columns) }, (_, column) => setAt(sets, row * columns + column));
    cells.push(html`
      <div key=${row % held} class="set-row" role="row" aria-rowindex=${row + 1}>
        ${numbers.map(
          (number, column) => html`
            <${Cell}
              key=${column}
              number=${number}
              state=${state}
              isCurrent=${number === state.selected}
              isSelected=${has(selection, number)}
              isSettled=${isSettled}
              dispatch=${dispatch}
            />
          `,
        )}
      </div>
    `);
  }
  const isInDocument = place >= first * columns && place < last * columns && place >= 0;
  return html`
    <div
      class="set-grid"
      role="grid"
      tabindex="0"
      aria-label="Frame sets"
      aria-multiselectable="true"
      aria-rowcount=${rows}
      aria-colcount=${columns}
      aria-activedescendant=${isInDocument ? `set-cell-${setAt(sets, place)}` : undefined}
      ref=${body}
      onScroll=${onScroll}
      onKeyDown=${onKeyDown}
      ...${pointer}
    >
      <div class="set-grid-space" role="rowgroup" style=${{ height: `${rows * CELL.height}px` }}>
        <div role="presentation" style=${{ transform: `translate(${margin}px, ${first * CELL.height}px)` }}>${cells}</div>
      </div>
      ${count === 0 && html`<p class="quiet set-grid-empty">${state.watched === null ? "" : "No frame set matches the filter."}</p>`}
    </div>
  `;
}

function Cell({ number, state, isCurrent, isSelected, isSettled, dispatch }) {
  const { watched, chosen, grid } = state;
  const labels = labelsAt(watched.labels, number);
  const isFlawed = has(watched.flawed, number);
  const url = thumbnailUrl(chosen, number);
  const shown = useRef(null);
  if (isSettled) shown.current = url;
  const names = valuesOf(labels, grid.field).map((value) => nameOf(watched, grid.field, value));
  const text = names.join(", ");
  const states = [labels.complete && "complete", isFlawed && "flawed"].filter(Boolean).join(", ");
  return html`
    <div
      id="set-cell-${number}"
      class="set-cell"
      role="gridcell"
      aria-selected=${isSelected}
      aria-label="Frame set ${formatNumber(number)}${states && `, ${states}`}${text ? `, ${text}` : ""}"
      data-set=${number}
      data-current=${isCurrent ? "" : undefined}
    >
      <span class="set-picture">${shown.current === url && html`<img src=${url} alt="" width="120" height="80" decoding="async" draggable=${false} onLoad=${markLoaded} onError=${markLoaded} />`}</span>
      <span class="set-facts">
        <button class="set-open" tabindex="-1" title="Open the single picture" aria-label="Open frame set ${formatNumber(number)}" onClick=${() => dispatch({ type: "openFromGrid", set: number })}>
          ${formatNumber(number)}
        </button>
        ${isFlawed && html`<span class="warning" title="Not whole">flawed</span>`}
        ${labels.complete && html`<span class="set-complete" title="Complete">✓</span>`}
      </span>
      <span class="set-value ellipsis" title=${text}>
        ${names.length > 0 && html`<i style=${{ background: fillOf(watched, grid.field, valuesOf(labels, grid.field)[0]) }}></i>`} ${text}
      </span>
      <span class="set-fields">
        ${FIELDS.map((field) => {
          const value = labels[field];
          const title = value && `${FIELD_NAMES[field]}: ${nameOf(watched, field, value)}`;
          return html`<i key=${field} title=${title} data-empty=${value === "" ? "" : undefined} style=${value && { background: fillOf(watched, field, value) }}></i>`;
        })}
      </span>
    </div>
  `;
}

/** Hide an image that could not be loaded: a frame set may have no screenshot. */
const markLoaded = ({ type, currentTarget }) => currentTarget.toggleAttribute("data-failed", type === "error");

/** The values of a field in labels; several only of tags. */
const valuesOf = (labels, field) => [labels[field]].flat().filter(Boolean);

/** The colour of a value in its lane; a description has none. */
const fillOf = (watched, field, value) => (field === "description" ? undefined : looksOf(watched, field).get(value)?.fill);

const modesOf = (event, isPicking) => ({ extending: event.shiftKey, toggling: event.ctrlKey || event.metaKey || isPicking });

/** Rows that a page moves by. */
const pageOf = ({ height }) => Math.max(1, Math.floor(height / CELL.height));

/** Scroll so that a row is in sight. */
function reveal(body, row) {
  const top = row * CELL.height;
  if (top < body.scrollTop) body.scrollTop = top;
  else if (top + CELL.height > body.scrollTop + body.clientHeight) body.scrollTop = top + CELL.height - body.clientHeight;
}

/** Scroll a little while a drag is beyond an edge. */
function scrollTowards(body, y) {
  const { top, bottom } = body.getBoundingClientRect();
  if (y < top) body.scrollTop -= CELL.height / 4;
  else if (y > bottom) body.scrollTop += CELL.height / 4;
}
