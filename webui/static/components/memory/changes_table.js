/** Facts and memory changes of the current frame set; the table is virtual. */
import { html, useMemo, useState } from "../../vendor/htm-preact/standalone.module.js";
import { arrange, asText, asType, busyFrom, deltaOf, EMPTY, hex, namesText, shownValue, WORD } from "../../state/changes.js";
import { clockMillis, clockSeconds, formatNumber, words } from "../../state/format.js";
import { VALUE_TYPES } from "../../state/memory/value_types.js";
import { eventTone, framesPerSet } from "../../state/selectors.js";
import { copyText } from "../hooks.js";
import { Icon } from "../icons.js";
import { Grid } from "./grid.js";
import { addressKeys, RowActions } from "./row_actions.js";

const NO_CONFIG = "No suggestions for held buttons: put a game config with the ROM's hash into game_configs in the data folder.";

export function ChangesTable({ state, session, frameSet, dispatch }) {
  const { table, watched } = state;
  const { names, address } = state.memory;
  const recorded = frameSet?.changes ?? EMPTY;
  const changes = useMemo(() => asType(recorded, table.type), [recorded, table.type]);
  const busy = table.hideBusy ? busyFrom(framesPerSet(session)) : Infinity;
  const rows = useMemo(() => arrange(changes, { ...table, busy }, names), [changes, table.sort, table.descending, table.filter, busy, names]);
  const current = address === null ? -1 : rows.findIndex((row) => changes.address[row] <= address && address < changes.address[row] + changes.width);
  // A word is shown in hex digits; what follows the chosen address shows it as a number.
  const valueType = table.type === WORD ? "u32" : table.type;
  const actions = addressKeys(dispatch, names);
  const target = (row) => ({ address: changes.address[row], type: valueType });
  return html`
    <div class="changes">
      <${Facts} frameSet=${frameSet} events=${watched?.events ?? []} config=${watched?.labelOptions?.game_config} />
      <${Toolbar} changes=${changes} rows=${rows} table=${table} names=${names} dispatch=${dispatch} />
      <${Grid}
        id="changes"
        label="Memory changes"
        className=${table.type === WORD ? "changes-grid" : "changes-grid typed"}
        columns=${columnsOf(changes, table.type, names)}
        count=${rows.length}
        rowAt=${(index) => rows[index]}
        keyOf=${(row) => row}
        current=${current}
        onCurrent=${(row) => dispatch({ type: "address", address: changes.address[row], valueType })}
        onOpen=${(row) => dispatch({ type: "address", address: changes.address[row], valueType, view: "history" })}
        keys=${Object.fromEntries(actions.map(({ key, act }) => [key, (row) => act(target(row))]))}
        sort=${{ column: table.sort, descending: table.descending }}
        onSort=${(column) => dispatch({ type: "sort", column })}
        empty=${frameSet === undefined ? "" : recorded.length ? "Nothing matches the filter." : "Nothing changed."}
      />
      <${RowActions} row=${current < 0 ? undefined : target(rows[current])} actions=${actions} grid="changes" hint="Click a row to choose its address: the map, its hex digits and its history follow." />
    </div>
  `;
}

function columnsOf(changes, type, names) {
  return [
    { name: "region", label: "Region", cell: (row) => changes.regions[changes.region[row]] },
    { name: "address", label: "Address", cell: (row) => hex(changes.address[row]) },
    { name: "previous", label: "Before", cell: (row) => shownValue(changes, changes.previous[row], type) },
    { name: "current", label: "After", cell: (row) => shownValue(changes, changes.current[row], type) },
    type === WORD && { name: "decimal", label: "Decimal", sort: "current", cell: (row) => changes.current[row] },
    { name: "delta", label: "Δ", cell: (row) => deltaText(deltaOf(changes, row)) },
    { name: "freq", label: "Freq", title: "Changes of this word in the last 100 frames", cell: (row) => changes.freq[row] },
    { name: "frame", label: "Frame", cell: (row) => changes.frame[row] },
    { name: "name", label: "Name", sort: null, cell: (row) => namesText(changes, row, names) },
  ].filter(Boolean);
}

function deltaText(delta) {
  if (Number.isNaN(delta)) return "–";
  const size = String(Number(Math.abs(delta).toPrecision(10)));
  return delta > 0 ? `+${size}` : `−${size}`;
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

function Toolbar({ changes, rows, table, names, dispatch }) {
  const [result, setResult] = useState("");
  const copy = async () => {
    setResult((await copyText(asText(changes, rows, table.type, names))) ? "Copied" : "Not copied");
    setTimeout(() => setResult(""), 1500);
  };
  return html`
    <div class="toolbar">
      <span class="quiet count">${rows.length === changes.length ? formatNumber(rows.length) : `${formatNumber(rows.length)} of ${formatNumber(changes.length)}`} ${changes.length === 1 ? "change" : "changes"}</span>
      <input
        id="changes-filter"
        class="input"
        type="search"
        spellcheck="false"
        autocomplete="off"
        placeholder="Address, name, =value"
        aria-label="Filter by digits of the address, region, name, or equals sign and value"
        value=${table.filter}
        onInput=${(event) => dispatch({ type: "filterChanges", text: event.currentTarget.value })}
      />
      <select class="input" aria-label="Show changes as" value=${table.type} onChange=${(event) => dispatch({ type: "changesType", valueType: event.currentTarget.value })}>
        <option value=${WORD}>words</option>
        ${Object.keys(VALUE_TYPES).map((type) => html`<option key=${type} value=${type}>${type}</option>`)}
      </select>
      <button
        class="button"
        aria-pressed=${table.hideBusy}
        title="Leave out what changed in every second set or more often"
        onClick=${() => dispatch({ type: "hideBusy" })}
      >
        Hide busy
      </button>
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
