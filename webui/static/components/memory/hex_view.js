/** Hex view: memory after the current set in rows, as values of the chosen type; the rows are virtual. */
import { html, useLayoutEffect, useMemo, useRef, useState } from "../../vendor/htm-preact/standalone.module.js";
import { hex } from "../../state/changes.js";
import { addressAt, positionOf, sizeOf } from "../../state/memory/addresses.js";
import { changedBits, columnWidth, phaseOf, rowAt, rowCount, rowOf } from "../../state/memory/hex_rows.js";
import { isKnown, valueAt } from "../../state/memory/memory_image.js";
import { bytesOf, VALUE_TYPES, valueText } from "../../state/memory/value_types.js";
import { useSize } from "../hooks.js";
import { AddressBar } from "./address_bar.js";
import { Readout } from "./readout.js";

/** Height of a row in px; as in `style/hex.css`. */
const ROW = 20;
const OVERSCAN = 2;
/** Width in px from which on a row has 16 bytes. */
const WIDE_ROW = 440;

export function HexView(props) {
  const { state, session, frameSet, memory, dispatch } = props;
  const { address, type, isHex, names } = state.memory;
  const regions = session?.regions ?? [];
  const [body, size] = useSize();
  const [top, setTop] = useState(0);
  const position = address === null ? null : positionOf(regions, address);
  const grid = { size: sizeOf(regions), perRow: size.width >= WIDE_ROW ? 16 : 8, phase: phaseOf(position, type) };
  const rows = rowCount(grid);
  const fitting = Math.ceil(size.height / ROW);
  const first = Math.max(0, Math.min(Math.floor(top / ROW), rows - fitting) - OVERSCAN);
  const changed = useMemo(
    () => (frameSet !== undefined && frameSet.id === memory?.number ? changedBits(frameSet.changes, regions) : null),
    [frameSet, memory, regions],
  );

  useLayoutEffect(() => {
    if (position === null || size.height === 0) return;
    const at = rowOf(grid, position) * ROW;
    const { scrollTop } = body.current;
    if (at < scrollTop || at + ROW > scrollTop + size.height) body.current.scrollTop = Math.max(at - size.height / 3, 0);
    setTop(body.current.scrollTop);
  }, [position, grid.perRow, grid.phase, size.height]);

  const goTo = (to) => dispatch({ type: "address", address: addressAt(regions, Math.min(Math.max(to, 0), grid.size - bytesOf(type))) });
  const onKeyDown = (event) => {
    if (event.key === "Enter" && address !== null) {
      event.preventDefault();
      event.stopPropagation();
      dispatch({ type: "address", address, view: "history" });
      return;
    }
    const to = destination(event, position ?? 0, grid, bytesOf(type), Math.max(fitting - 1, 1));
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    goTo(position === null ? first * grid.perRow : to);
  };
  const onClick = (event) => {
    const cell = event.target.closest("[data-position]");
    if (cell !== null) goTo(Number(cell.dataset.position));
  };
  const shown = { memory, changed, type, isHex, regions, names };
  return html`
    <${AddressBar} ...${props} hasBase=${true} />
    <div
      class="hex"
      ref=${body}
      role="grid"
      tabindex="0"
      aria-label="Memory in rows of ${grid.perRow} bytes: the arrows move, Enter shows the history of the address"
      aria-rowcount=${rows}
      aria-describedby="hex-readout"
      aria-activedescendant=${position !== null && memory !== undefined ? `hex-${position}` : undefined}
      style=${{ "--cell": `${columnWidth(type, isHex)}ch` }}
      onKeyDown=${onKeyDown}
      onClick=${onClick}
      onScroll=${(event) => setTop(event.currentTarget.scrollTop)}
    >
      <div class="hex-space" role="presentation" style=${{ height: `${rows * ROW}px` }}>
        <div role="presentation" style=${{ transform: `translateY(${first * ROW}px)` }}>
          ${memory !== undefined &&
          Array.from({ length: Math.max(Math.min(fitting + 2 * OVERSCAN, rows - first), 0) }, (_, index) =>
            html`<${Row} key=${index} place=${first + index} row=${rowAt(grid, first + index, shown)} chosen=${position} names=${names} />`,
          )}
        </div>
      </div>
    </div>
    <${Readout} id="hex-readout" hint="Choose a value, or go to an address." address=${address} regions=${regions} memory=${memory} names=${names} type=${type} />
    ${position !== null && memory !== undefined && html`<${EveryType} memory=${memory} position=${position} type=${type} dispatch=${dispatch} />`}
  `;
}

/** The position to which a key moves the cursor, or null. */
function destination(event, position, { perRow, size, phase }, width, page) {
  const start = phase + rowOf({ perRow, phase }, position) * perRow;
  const control = event.ctrlKey || event.metaKey;
  const to = {
    ArrowLeft: position - width,
    ArrowRight: position + width,
    ArrowUp: position - perRow,
    ArrowDown: position + perRow,
    PageUp: position - page * perRow,
    PageDown: position + page * perRow,
    Home: control ? phase : start,
    End: control ? size - width : start + perRow - width,
  }[event.key];
  if (to === undefined || event.shiftKey || event.altKey) return null;
  return to < 0 || to > size - width ? position : to;
}

function Row({ place, row, chosen, names }) {
  const named = (position) => names.length > 0 && row.names.some((name) => covers(name, row, position));
  return html`
    <div class="hex-row" role="row" aria-rowindex=${place + 1}>
      <span class="hex-address" role="rowheader">${hex(row.address)}</span>
      ${row.cells.map(
        ({ position, text, lit }) => html`
          <span
            key=${position - row.start}
            id="hex-${position}"
            role="gridcell"
            class="hex-cell"
            data-position=${position}
            data-lit=${lit || undefined}
            data-unknown=${text.startsWith("?") ? "" : undefined}
            data-named=${named(position) ? "" : undefined}
            aria-selected=${position === chosen}
          >${text}</span>
        `,
      )}
      <span class="hex-names ellipsis" role="gridcell" title=${row.names.map((name) => name.name).join(", ")}>${row.names.map((name) => name.name).join(", ")}</span>
    </div>
  `;
}

const covers = (name, { start, address }, position) => {
  const from = start + name.address - address;
  return position >= from && position < from + bytesOf(name.type);
};

/** The value at the chosen address in every type; a click chooses the type. */
function EveryType({ memory, position, type, dispatch }) {
  const types = typesToShow(memory, position);
  return html`
    <div class="every-type" role="group" aria-label="The value in every type">
      ${types.map(
        (name) => html`
          <button class="type-value" key=${name} aria-pressed=${name === type} onClick=${() => dispatch({ type: "valueType", valueType: name })}>
            <span class="quiet">${name}</span> <b>${valueText(valueAt(memory, position, name), name)}</b>
          </button>
        `,
      )}
    </div>
  `;
}

/** The types that have a value there; the signed ones only where theirs is another. */
function typesToShow(memory, position) {
  const valueOf = (name) => (isKnown(memory, position, bytesOf(name)) ? valueAt(memory, position, name) : null);
  return Object.keys(VALUE_TYPES).filter((name) => valueOf(name) !== null && (name[0] !== "s" || valueOf(name) !== valueOf(name.replace("s", "u"))));
}
