/** Names of the game's addresses: list with values, and import and export as files. */
import { html, useRef } from "../../vendor/htm-preact/standalone.module.js";
import { hex } from "../../state/changes.js";
import { formatNumber } from "../../state/format.js";
import { valueIn } from "../../state/memory/memory_image.js";
import { meaningText } from "../../state/memory/name_index.js";
import { matchingNames, STATUSES } from "../../state/memory/names_state.js";
import { Grid } from "./grid.js";
import { addressKeys, RowActions } from "./row_actions.js";

/** Formats that names can be exported to, with the programs that read them; as `daemon/names/formats.py` has them. */
const FORMATS = {
  json: "gbatrace (JSON)",
  wch: "BizHawk RAM Watch (.wch)",
  "stable-retro": "stable-retro (data.json)",
  "ra-notes": "RetroAchievements code notes",
  "ra-user": "RetroAchievements local notes",
};

export function NamesView({ state, session, memory, dispatch }) {
  const { names, address } = state.memory;
  const regions = session?.regions ?? [];
  const rows = matchingNames(names, state.naming.filter, regions);
  const current = rows.findIndex((row) => row.address === address);
  const columns = [
    { name: "name", label: "Name", cell: (row) => html`<span title=${row.note}>${row.name}</span>` },
    { name: "address", label: "Address", cell: (row) => hex(row.address) },
    { name: "type", label: "Type", cell: (row) => row.type },
    { name: "value", label: "Value here", title: "Value after the current set", cell: (row) => meaningText(row, valueIn(memory, regions, row), row.type) },
    { name: "status", label: "Status", cell: (row) => STATUSES[row.status] ?? row.status },
    { name: "watched", label: "Watched", cell: (row) => (row.watched ? "yes" : "") },
  ];
  const actions = [
    { key: "n", text: "Edit", act: (name) => dispatch({ type: "editName", name }) },
    { key: "delete", shown: "Del", text: "Remove", act: (name) => dispatch({ type: "removeName", name: name.name }) },
    ...addressKeys(dispatch, names).filter(({ key }) => key !== "n"),
  ];
  return html`
    <div class="names">
      <div class="toolbar">
        <span class="quiet count">${rows.length === names.length ? formatNumber(names.length) : `${formatNumber(rows.length)} of ${formatNumber(names.length)}`} ${names.length === 1 ? "name" : "names"}</span>
        <input
          id="names-filter"
          class="input"
          type="search"
          spellcheck="false"
          autocomplete="off"
          placeholder="Find a name"
          aria-label="Find a name, by its words or its address"
          value=${state.naming.filter}
          onInput=${(event) => dispatch({ type: "filterNames", text: event.currentTarget.value })}
        />
        <button class="button" disabled=${address === null} onClick=${() => dispatch({ type: "editName" })}>
          Name ${address === null ? "an address" : html`<span class="mono">${hex(address)}</span>`}
        </button>
        <${Files} session=${state.chosen} dispatch=${dispatch} />
      </div>
      ${state.naming.note && html`<p class="quiet names-note" role="status">${state.naming.note}</p>`}
      <${Grid}
        id="names"
        label="Names"
        className="names-grid"
        columns=${columns}
        count=${rows.length}
        rowAt=${(index) => rows[index]}
        keyOf=${(row) => row.name}
        current=${current}
        onCurrent=${(row) => dispatch({ type: "address", address: row.address, valueType: row.type })}
        onOpen=${(name) => dispatch({ type: "editName", name })}
        keys=${Object.fromEntries(actions.map(({ key, act }) => [key, act]))}
        empty=${names.length === 0
          ? "No names yet. Find an address by a search or in the changes, and give it a name there with N."
          : "No name has these words."}
      />
      <${RowActions} row=${rows[current]} actions=${actions} grid="names" />
    </div>
  `;
}

/** Import of a file of names, of any program that is known, and export to one. */
function Files({ session, dispatch }) {
  const file = useRef(null);
  const read = async () => {
    const [chosen] = file.current.files;
    if (chosen === undefined) return;
    dispatch({ type: "importNames", file: chosen.name, text: await chosen.text() });
    file.current.value = "";
  };
  return html`
    <button class="button" onClick=${() => file.current.click()}>Import</button>
    <input class="off-screen" type="file" tabindex="-1" aria-label="File of names" ref=${file} accept=".json,.wch,.txt,.md" onChange=${read} />
    <select
      class="input"
      aria-label="Export the names"
      onChange=${(event) => {
        if (event.currentTarget.value !== "") dispatch({ type: "exportNames", session, format: event.currentTarget.value });
        event.currentTarget.value = "";
      }}
    >
      <option value="">Export</option>
      ${Object.entries(FORMATS).map(([name, text]) => html`<option key=${name} value=${name}>${text}</option>`)}
    </select>
  `;
}
