/** Virtual table whose rows are moved through by key: one row is the current one, and keys act on it. */
import { html, useEffect, useLayoutEffect, useRef, useState } from "../../vendor/htm-preact/standalone.module.js";
import { isComposing, isModified } from "../../state/keys.js";

/** Rows in the document above and below the visible ones. */
const OVERSCAN = 4;

/**
 * @param {{
 *   id: string, label: string, columns: {name: string, label: string, title?: string, sort?: string, cell: (row: any) => any}[],
 *   count: number, rowAt: (index: number) => any, keyOf: (row: any, index: number) => string | number,
 *   current: number, onCurrent: (row: any, index: number) => void, onOpen?: (row: any, index: number) => void,
 *   onVisible?: (index: number) => void,
 *   keys?: Record<string, (row: any) => void>, rowData?: (row: any) => object, rowHeight?: number,
 *   sort?: {column: string | null, descending: boolean}, onSort?: (column: string) => void, empty?: any, className?: string,
 * }} props `current`: index of the current row, -1 for none; `onVisible`: tells the row in the middle of what is in sight; `keys`: what a letter does with it; `rowData`: data attributes
 */
export function Grid(props) {
  const { id, label, columns, count, rowAt, keyOf, current, onCurrent, onOpen, keys = {}, rowHeight = 24 } = props;
  const body = useRef(null);
  const [view, setView] = useState({ top: 0, height: 0 });
  useLayoutEffect(() => {
    const update = () => setView({ top: body.current.scrollTop, height: body.current.clientHeight });
    const observer = new ResizeObserver(update);
    observer.observe(body.current);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (current >= 0) reveal(body.current, current, rowHeight);
  }, [current, count === 0, view.height]);

  const fitting = Math.ceil(view.height / rowHeight);
  const first = Math.max(0, Math.min(Math.floor(view.top / rowHeight), count - fitting) - OVERSCAN);
  const last = Math.min(count, first + fitting + 2 * OVERSCAN);
  const middle = Math.min(count - 1, Math.floor((view.top + view.height / 2) / rowHeight));
  useEffect(() => {
    if (middle >= 0) props.onVisible?.(middle);
  }, [middle]);
  const page = Math.max(1, fitting - 2);
  const goTo = (index) => count > 0 && onCurrent(rowAt(index), index);

  const onKeyDown = (event) => {
    // Shift and a named key are the page's: Shift+↓ says of a variable that it fell.
    const isThePages = isModified(event) || (event.shiftKey && event.key.length > 1);
    if (isComposing(event) || isThePages || event.target !== event.currentTarget) return;
    const moves = { ArrowDown: current + 1, ArrowUp: current - 1, PageDown: current + page, PageUp: current - page, Home: 0, End: count - 1 };
    const to = moves[event.key];
    const act = keys[event.key.toLowerCase()] ?? (event.key === "Enter" ? onOpen : undefined);
    if (to === undefined && (act === undefined || current < 0)) return;
    event.preventDefault();
    event.stopPropagation();
    if (to !== undefined) goTo(Math.min(Math.max(to, 0), count - 1));
    else act(rowAt(current), current);
  };
  const indexOf = (event) => {
    const row = event.target.closest(".grid-row");
    return row === null ? -1 : Number(row.dataset.index);
  };
  const onClick = (event) => {
    const index = indexOf(event);
    if (index >= 0) goTo(index);
  };
  const onDoubleClick = (event) => {
    const index = indexOf(event);
    if (index >= 0) onOpen?.(rowAt(index), index);
  };
  const rows = [];
  for (let index = first; index < last; index += 1) {
    const row = rowAt(index);
    rows.push(html`
      <div
        key=${keyOf(row, index)}
        id="${id}-${index}"
        class="grid-row"
        role="row"
        aria-rowindex=${index + 2}
        aria-selected=${index === current}
        data-index=${index}
        style=${{ height: `${rowHeight}px` }}
        ...${props.rowData?.(row)}
      >
        ${columns.map((column) => html`<div key=${column.name} class="cell" role="gridcell" data-column=${column.name}>${column.cell(row)}</div>`)}
      </div>
    `);
  }
  return html`
    <div
      id=${id}
      class="grid ${props.className ?? ""}"
      role="grid"
      tabindex="0"
      aria-label=${label}
      aria-rowcount=${count + 1}
      aria-activedescendant=${current >= first && current < last ? `${id}-${current}` : undefined}
      ref=${body}
      onScroll=${() => setView({ top: body.current.scrollTop, height: body.current.clientHeight })}
      onKeyDown=${onKeyDown}
      onClick=${onClick}
      onDblClick=${onDoubleClick}
    >
      <div class="grid-head" role="row">${columns.map((column) => html`<${Heading} key=${column.name} column=${column} ...${props} />`)}</div>
      <div class="grid-space" role="rowgroup" style=${{ height: `${count * rowHeight}px` }}>
        <div role="presentation" style=${{ transform: `translateY(${first * rowHeight}px)` }}>${rows}</div>
      </div>
      ${count === 0 && props.empty && html`<p class="grid-empty quiet">${props.empty}</p>`}
    </div>
  `;
}

function Heading({ column, sort, onSort }) {
  const by = column.sort ?? column.name;
  const sorted = sort?.column === by ? (sort.descending ? "descending" : "ascending") : undefined;
  return html`
    <div class="cell" role="columnheader" data-column=${column.name} aria-sort=${sorted}>
      ${onSort && column.sort !== null
        ? html`<button title=${column.title} onClick=${() => onSort(by)}>${column.label}</button>`
        : html`<span title=${column.title}>${column.label}</span>`}
    </div>
  `;
}

/** Scroll so that a row is in sight, below the head. */
function reveal(body, index, rowHeight) {
  const head = body.firstElementChild.offsetHeight;
  const top = index * rowHeight;
  if (top < body.scrollTop) body.scrollTop = top;
  else if (top + rowHeight + head > body.scrollTop + body.clientHeight) body.scrollTop = top + rowHeight + head - body.clientHeight;
}
