/** Candidates of a query, the best first: what speaks for each, with its mirrors folded. */
import { html, useEffect, useState } from "../../vendor/htm-preact/standalone.module.js";
import { hex } from "../../state/changes.js";
import { formatNumber } from "../../state/format.js";
import { candidatesOf, chosenRow, findingOf, findRequestOf, queryOf, shownCandidate } from "../../state/memory/find_state.js";
import { shownNumber } from "../../state/memory/find_words.js";
import { valueIn } from "../../state/memory/memory_image.js";
import { nameAt } from "../../state/memory/name_index.js";
import { stepsQuestion } from "../../state/memory/steps.js";
import { valueText } from "../../state/memory/value_types.js";
import { firstOf, lastOf } from "../../state/ranges.js";
import { Grid } from "./grid.js";
import { addressKeys, RowActions } from "./row_actions.js";
import { Sparkline } from "./sparkline.js";

/** Time in ms after which the curve in a session that goes on is asked for again. */
const LIVE_MS = 5000;

export function FoundGrid({ state, session, memory, client, dispatch }) {
  const [unfolded, setUnfolded] = useState(null);
  const { names } = state.memory;
  const regions = session?.regions ?? [];
  const { probe, unprobeable } = findingOf(state);
  const refusal = probe.refusal || unprobeable;
  const candidates = candidatesOf(state);
  const rows = candidates.flatMap((row) => (row.address === unfolded ? [row, ...row.mirrors.map((mirror) => ({ ...mirror, mirrorOf: row }))] : [row]));
  const shown = chosenRow(state, rows) ?? shownCandidate(state);
  const fold = (row) => setUnfolded(candidateOf(row).address === unfolded ? null : candidateOf(row).address);
  const actions = [
    { key: "p", text: probeText(probe, queryOf(state).axis), act: () => dispatch({ type: "probe" }), refusal },
    { key: "m", text: "Mirrors", act: fold },
    ...addressKeys(dispatch, names),
  ];
  const choose = (row) => dispatch({ type: "address", address: row.address, valueType: row.type });
  const columns = [
    { name: "address", label: "Address", cell: (row) => html`${row.mirrorOf && "↳ "}${hex(row.address)}` },
    { name: "type", label: "Type", cell: (row) => `${row.type}${(row.form ?? "=") === "=" ? "" : ` ${row.form}`}` },
    { name: "value", label: "Here", title: "Number on the screen at the current set", cell: (row) => valueText(shownNumber(valueIn(memory, regions, row), candidateOf(row).form), row.type) },
    { name: "curve", label: "Curve", cell: (row) => html`<${Curve} row=${row} state=${state} session=${session} client=${client} />` },
    { name: "fits", label: "Fits", title: "Labels that it agrees with", cell: fitsOf },
    { name: "mirrors", label: "Mirrors", title: "Addresses that follow it: copies, or the variable of which it is one", cell: (row) => html`<${Mirrors} row=${row} isUnfolded=${row.address === unfolded} onFold=${fold} />` },
    { name: "name", label: "Name", cell: (row) => html`<${Name} name=${nameAt(names, row.address)?.name} />` },
  ];
  return html`
    <${Grid}
      id="found"
      label="Candidates"
      className="found"
      columns=${columns}
      count=${rows.length}
      rowAt=${(index) => rows[index]}
      keyOf=${(row, index) => `${row.address} ${row.type} ${index}`}
      current=${rows.indexOf(shown)}
      onCurrent=${choose}
      onOpen=${(row) => dispatch({ type: "address", address: row.address, valueType: row.type, view: "history" })}
      rowData=${(row) => ({ "data-mirror": row.mirrorOf ? "" : undefined })}
      keys=${Object.fromEntries(actions.filter(({ refusal }) => !refusal).map(({ key, act }) => [key, act]))}
      empty=${findRequestOf(state) === null ? "Type what the picture shows, such as hp 23, on two or three pictures. Press a key when it falls, rises or changes." : ""}
    />
    ${refusal && findRequestOf(state) !== null && html`<p class="quiet find-problems" title=${refusal}>${refusal}</p>`}
    <${RowActions} row=${shown} actions=${actions} grid="found" />
  `;
}

/** The candidate that a row is, or is a mirror of. */
const candidateOf = (row) => row.mirrorOf ?? row;

/** A name, whole in the title where it is too long for its column. */
const Name = ({ name }) => name && html`<span title=${name}>${name}</span>`;

/** Number of the mirrors, which unfolds them. */
function Mirrors({ row, isUnfolded, onFold }) {
  if (!row.mirrors?.length) return null;
  const text = isUnfolded ? "−" : `+${row.mirrors.length}`;
  const toggle = (event) => {
    event.stopPropagation();
    onFold(row);
  };
  return html`<button class="chip-button" tabindex="-1" aria-label="${text} mirrors of ${hex(row.address)}" onClick=${toggle}>${text}</button>`;
}

const probeText = ({ isRunning }, axis) => (isRunning ? "Playing on a copy …" : axis ? "Probe" : "Poke");

/** `2 of 3` */
function fitsOf({ evidence }) {
  if (evidence === undefined) return "";
  const lines = evidence.map(({ number, text, holds, nats }) => `${holds ? "✓" : "✗"} set ${formatNumber(number)}: ${text} (${nats.toFixed(1)})`);
  return html`<span title=${lines.join("\n")}>${evidence.filter(({ holds }) => holds).length} of ${evidence.length}</span>`;
}

/** The values of a candidate over the session. */
function Curve({ row, state, session, client }) {
  const ranges = state.watched?.ranges ?? [];
  const extent = [firstOf(ranges) ?? 0, lastOf(ranges) ?? 0];
  const question = stepsQuestion(hex(row.address), row.type, { first: extent[0], last: extent[1] }, ranges);
  useEffect(() => client.ask(state.chosen, question, session?.state === "live" ? LIVE_MS : undefined));
  const curve = client.answer(state.chosen, question);
  return curve && html`<${Sparkline} curve=${curve} extent=${extent} selected=${state.selected} />`;
}
