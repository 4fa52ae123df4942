/** Facts and memory changes of the current frame set; the table is virtual. */
import { html, useMemo, useState } from "../../vendor/htm-preact/standalone.module.js";
import { arrange, asText, deltaOf, EMPTY, hex } from "../../state/changes.js";
import { clockMillis, clockSeconds, formatNumber, words } from "../../state/format.js";
import { eventTone } from "../../state/selectors.js";
import { copyText, useSize } from "../hooks.js";
import { Icon } from "../icons.js";

/** Height of a row in px. */
const ROW = 24;
/** Rows in the document above and below the visible ones. */
const OVERSCAN = 4;

const COLUMNS = [
  { name: "region", label: "Region" },
  { name: "address", label: "Address" },
  { name: "previous", label: "Before" },
  { name: "current", label: "After" },
  { name: "value", label: "Decimal", sort: "current" },
  { name: "delta", label: "Δ" },
  { name: "freq", label: "Freq", title: "Changes of this address in the last 100 frames" },
  { name: "frame", label: "Frame" },
];

const NO_CONFIG = "No suggestions for held buttons: put a game config with the ROM's hash into game_configs in the data folder.";

export function ChangesTable({ state, frameSet, dispatch }) {
  const { table, watched } = state;
  const changes = frameSet?.changes ?? EMPTY;
  const rows = useMemo(() => arrange(changes, table), [changes, table.sort, table.descending, table.filter]);
  const [body, size] = useSize();
  const [top, setTop] = useState(0);
  const first = Math.max(0, Math.min(Math.floor(top / ROW), rows.length - Math.ceil(size.height / ROW)) - OVERSCAN);
  const visible = rows.subarray(first, first + Math.ceil(size.height / ROW) + 2 * OVERSCAN);
  return html`
    <div class="changes">
      <${Facts} frameSet=${frameSet} events=${watched?.events ?? []} config=${watched?.labelOptions?.game_config} />
      <${Toolbar} changes=${changes} rows=${rows} filter=${table.filter} dispatch=${dispatch} />
      <div class="table" role="table" aria-label="Memory changes" aria-rowcount=${rows.length + 1}>
        <div class="table-head" role="row">
          ${COLUMNS.map((column) => html`<${Heading} key=${column.name} column=${column} table=${table} dispatch=${dispatch} />`)}
        </div>
        <div class="table-body" ref=${body} tabindex="0" role="rowgroup" onScroll=${(event) => setTop(event.currentTarget.scrollTop)}>
          <div class="table-space" role="presentation" style=${{ height: `${rows.length * ROW}px` }}>
            <div role="presentation" style=${{ transform: `translateY(${first * ROW}px)` }}>
              ${Array.from(
                visible,
                (row, index) => html`
                  <${Row} key=${index} changes=${changes} row=${row} place=${first + index} tracked=${table.tracked} dispatch=${dispatch} />
                `,
              )}
            </div>
          </div>
          ${rows.length === 0 && frameSet !== undefined && html`<p class="quiet">${changes.length ? "Nothing matches the filter." : "Nothing changed."}</p>`}
        </div>
      </div>
    </div>
  `;
}

function Facts({ frameSet, events, config }) {
  if (frameSet === undefined) return html`<dl class="facts"></dl>`;
  const here = events.filter((event) => event.frame_set_id === frameSet.id);
  return html`
    <dl class="facts">
      <dt>Frames</dt>
      <dd>${formatNumber(frameSet.frames[0])} – ${formatNumber(frameSet.frames[frameSet.frames.length - 1])}</dd>
      <dt>Time</dt>
      <dd>${clockMillis(frameSet.timestamp)}</dd>
      <dt>Held</dt>
      <dd>${frameSet.keys === "" ? html`<span class="quiet">nothing</span>` : frameSet.keys.replaceAll("+", " + ")}</dd>
      <dt>PC</dt>
      <dd class="mono">${frameSet.pc ?? "—"}</dd>
      <dt>Set</dt>
      <dd>${frameSet.whole ? "whole" : html`<span class="warning">${frameSet.flaws.join("; ") || "not whole"}</span>`}</dd>
      <dt>Game config</dt>
      <dd>${config === "" ? html`<span class="warning" title=${NO_CONFIG}>none</span>` : (config ?? "")}</dd>
      ${here.map(
        (event) => html`
          <dt key="${event.time}${event.name}t">Event</dt>
          <dd key="${event.time}${event.name}"><span class="event" data-tone=${eventTone(event.name)}>${words(event.name)}</span> ${clockSeconds(event.time)}</dd>
        `,
      )}
    </dl>
  `;
}

function Toolbar({ changes, rows, filter, dispatch }) {
  const [result, setResult] = useState("");
  const copy = async () => {
    setResult((await copyText(asText(changes, rows))) ? "Copied" : "Not copied");
    setTimeout(() => setResult(""), 1500);
  };
  return html`
    <div class="toolbar">
      <span class="quiet count">${rows.length === changes.length ? formatNumber(rows.length) : `${formatNumber(rows.length)} of ${formatNumber(changes.length)}`}</span>
      <input
        id="changes-filter"
        class="input"
        type="search"
        spellcheck="false"
        autocomplete="off"
        placeholder="Address, region, =value"
        aria-label="Filter by digits of the address, region, or equals sign and value"
        value=${filter}
        onInput=${(event) => dispatch({ type: "filterChanges", text: event.currentTarget.value })}
      />
      <button
        class="button icon-button"
        aria-label="Copy these rows"
        title=${result || "Copy these rows as tab-separated text"}
        data-done=${result === "Copied" ? "" : undefined}
        onClick=${copy}
        disabled=${rows.length === 0}
      >
        <${Icon} name=${result === "Copied" ? "checked" : "copy"} />
      </button>
      <span class="off-screen" aria-live="polite">${result}</span>
    </div>
  `;
}

function Heading({ column, table, dispatch }) {
  const sort = column.sort ?? column.name;
  const sorted = table.sort === sort ? (table.descending ? "descending" : "ascending") : "none";
  return html`
    <div class="cell" role="columnheader" data-column=${column.name} aria-sort=${sorted}>
      <button title=${column.title} onClick=${() => dispatch({ type: "sort", column: sort })}>${column.label}</button>
    </div>
  `;
}

function Row({ changes, row, place, tracked, dispatch }) {
  const address = changes.address[row];
  const delta = deltaOf(changes, row);
  return html`
    <div
      class="row"
      role="row"
      aria-rowindex=${place + 2}
      data-tracked=${tracked === address ? "" : undefined}
      onClick=${() => dispatch({ type: "track", address })}
    >
      <div class="cell" role="cell" data-column="region">${changes.regions[changes.region[row]]}</div>
      <div class="cell" role="cell" data-column="address">${hex(address)}</div>
      <div class="cell" role="cell" data-column="previous">${hex(changes.previous[row])}</div>
      <div class="cell" role="cell" data-column="current">${hex(changes.current[row])}</div>
      <div class="cell" role="cell" data-column="value">${changes.current[row]}</div>
      <div class="cell" role="cell" data-column="delta">${delta > 0 ? `+${delta}` : `−${-delta}`}</div>
      <div class="cell" role="cell" data-column="freq">${changes.freq[row]}</div>
      <div class="cell" role="cell" data-column="frame">${changes.frame[row]}</div>
    </div>
  `;
}
