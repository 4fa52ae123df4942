/** Candidates of a search: a table with value, changes, curve and name, and what can be done with a row. */
import { html } from "../../vendor/htm-preact/standalone.module.js";
import { hex } from "../../state/changes.js";
import { formatNumber } from "../../state/format.js";
import { valueIn } from "../../state/memory/memory_image.js";
import { meaningText, nameAt } from "../../state/memory/name_index.js";
import { Grid } from "./grid.js";
import { addressKeys, RowActions } from "./row_actions.js";
import { Sparkline } from "./sparkline.js";

/** @param {{state: object, search: object, memory: object | undefined, regions: object[], extent: [number, number], empty: string, dispatch: Function}} props */
export function Candidates({ state, search, memory, regions, extent, empty, dispatch }) {
  const { names, address } = state.memory;
  const rows = search.answer?.candidates ?? [];
  const current = rows.findIndex((row) => row.address === address);
  const keep = (row) => dispatch({ type: "keepCandidates", addresses: [row.address] });
  const exclude = (row) => {
    dispatch({ type: "excludeCandidate", address: row.address });
    const next = rows.filter((one) => one.address !== row.address)[Math.max(0, current - 1)];
    if (next) choose(next);
  };
  const choose = (row) => dispatch({ type: "address", address: row.address, valueType: row.type });
  const actions = [
    { key: "k", text: "Keep", act: keep },
    { key: "x", text: "Leave out", act: exclude },
    ...addressKeys(dispatch, names),
  ];
  const columns = [
    { name: "address", label: "Address", cell: (row) => hex(row.address) },
    { name: "type", label: "Type", sort: null, cell: (row) => html`<span title=${alsoText(row)}>${row.type}</span>` },
    { name: "value", label: "Value here", title: "Value after the current set", cell: (row) => meaningText(nameAt(names, row.address), valueIn(memory, regions, row), row.type) },
    { name: "changes", label: "Changes", title: "Changes in the whole session", cell: (row) => formatNumber(row.changes) },
    { name: "curve", label: "Curve", sort: null, cell: (row) => row.curve && html`<${Sparkline} curve=${row.curve} extent=${extent} selected=${state.selected} />` },
    { name: "name", label: "Name", sort: null, cell: (row) => nameAt(names, row.address)?.name ?? "" },
  ];
  return html`
    <${Grid}
      id="candidates"
      label="Candidates"
      className="candidates"
      columns=${columns}
      count=${rows.length}
      rowAt=${(index) => rows[index]}
      keyOf=${(row) => row.address}
      sort=${{ column: search.order, descending: search.order === "changes" }}
      onSort=${(order) => dispatch({ type: "orderCandidates", order })}
      current=${current}
      onCurrent=${choose}
      onOpen=${(row) => dispatch({ type: "address", address: row.address, valueType: row.type, view: "history" })}
      keys=${Object.fromEntries(actions.map(({ key, act }) => [key, act]))}
      empty=${empty}
    />
    <${RowActions} row=${rows[current]} actions=${actions} grid="candidates" />
  `;
}

/** The types that pass besides the one that is shown. */
const alsoText = ({ also }) => (also?.length > 0 ? `It passes as ${also.join(", ")} too` : undefined);
