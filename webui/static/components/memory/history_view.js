/** History of an address: every change with picture, time, buttons and program counter. */
import { html } from "../../vendor/htm-preact/standalone.module.js";
import { thumbnailUrl } from "../../link/frame_set_cache.js";
import { hex } from "../../state/changes.js";
import { clockSeconds, countedSets, formatNumber } from "../../state/format.js";
import { countOf } from "../../state/ranges.js";
import { meaningText, nameAt } from "../../state/memory/name_index.js";
import { changeAt, historyOf, lastChangeUpTo } from "../../state/memory/address_history.js";
import { AddressBar } from "./address_bar.js";
import { Grid } from "./grid.js";
import { addressKeys, RowActions } from "./row_actions.js";

/** Height of a row in px: that of its picture. */
const ROW = 40;

export function HistoryView({ state, session, dispatch }) {
  const { address, names } = state.memory;
  const name = address === null ? undefined : nameAt(names, address);
  const history = historyOf(state);
  const { total, problem, isLoading } = history;
  const count = countOf(history.sets);
  const current = state.selected === null ? -1 : lastChangeUpTo(history, state.selected);
  const value = (number) => meaningText(name, number, state.memory.type);
  const columns = [
    {
      name: "picture",
      label: "Picture",
      cell: (row) => html`<img src=${thumbnailUrl(state.chosen, row.frame_set_id)} alt="" width="54" height="36" loading="lazy" decoding="async" />`,
    },
    { name: "set", label: "Set", cell: (row) => formatNumber(row.frame_set_id) },
    { name: "time", label: "Time", cell: (row) => clockSeconds(row.timestamp) },
    { name: "buttons", label: "Buttons", cell: (row) => (row.buttons === "None" ? "" : row.buttons.replaceAll("+", " + ")) },
    { name: "pc", label: "PC", title: "Program counter at the end of the frame", cell: (row) => row.pc ?? "–" },
    { name: "previous", label: "Before", cell: (row) => value(row.previous) },
    { name: "current", label: "After", cell: (row) => html`${value(row.current)} ${!row.recorded && html`<${NotRecorded} row=${row} />`}` },
  ].map((column) => ({ ...column, cell: (row) => row !== undefined && column.cell(row) }));
  const actions = addressKeys(dispatch, names, { own: "history" });
  const here = { address, type: state.memory.type };
  return html`
    <div class="history">
      <${AddressBar} state=${state} session=${session} memory=${null} dispatch=${dispatch} />
      <div class="toolbar">
        <b class="ellipsis">${address === null ? "" : (name?.name ?? hex(address))}</b>
        <span class="quiet" role="status">${summary(address, count, isLoading)}</span>
        <span class="spacer"></span>
        ${count > 0 &&
        html`
          <button class="button" title="Selects them for labels: then press a label's key" onClick=${() => dispatch({ type: "selectChangedSets" })}>
            Select ${countedSets(count)} where it changed
          </button>
        `}
      </div>
      ${problem && html`<p class="warning" role="alert">${problem}</p>`}
      <${Grid}
        id="history"
        label="Changes of ${address === null ? "an address" : (name?.name ?? hex(address))}"
        className="history-grid"
        columns=${columns}
        count=${total}
        rowAt=${(index) => changeAt(history, index)}
        keyOf=${(row, index) => index}
        rowHeight=${ROW}
        current=${current}
        onCurrent=${(row) => row !== undefined && dispatch({ type: "select", set: row.frame_set_id })}
        onVisible=${(index) => dispatch({ type: "showHistory", index })}
        keys=${Object.fromEntries(actions.map(({ key, act }) => [key, () => act(here)]))}
        empty=${address === null ? "Choose an address in any table, in the map or by typing it above." : isLoading ? "" : "It never changed."}
      />
      <${RowActions} row=${address === null ? undefined : here} actions=${actions} grid="history" />
    </div>
  `;
}

/** Mark of a row that is no change of the game, with its reason. */
const NotRecorded = ({ row }) =>
  row.previous === null
    ? html`<span class="quiet" title="Not a change: from here on the value is known">seen</span>`
    : html`<span class="quiet" title="Not a change of the game: a savestate, reset or rewind brought it">restored</span>`;

function summary(address, sets, isLoading) {
  if (address === null) return "";
  if (isLoading) return "Loading";
  return sets === 0 ? "never changed" : `changed in ${countedSets(sets)}`;
}
