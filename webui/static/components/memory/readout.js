/** Line about one address: where it is, its name, value and last change. */
import { html } from "../../vendor/htm-preact/standalone.module.js";
import { hex } from "../../state/changes.js";
import { countedSets } from "../../state/format.js";
import { positionOf, regionAt } from "../../state/memory/addresses.js";
import { ageAt, isKnown, valueAt } from "../../state/memory/memory_image.js";
import { meaningText, nameAt } from "../../state/memory/name_index.js";
import { bytesOf } from "../../state/memory/value_types.js";

/** @param {{address: number | null, hint: string}} props `hint`: shown while there is no address */
export function Readout({ id, address, hint, regions, memory, names, type }) {
  const position = address === null ? null : positionOf(regions, address);
  if (position === null) return html`<p id=${id} class="readout quiet">${hint}</p>`;
  const name = nameAt(names, address);
  return html`
    <p id=${id} class="readout" role="status">
      <b class="mono">${hex(address)}</b> <span class="quiet">${regionAt(regions, address).name}</span>
      ${name && html`<b class="named ellipsis">${name.name}</b>`}
      ${memory !== undefined && html`<${Value} position=${name === undefined ? position : positionOf(regions, name.address)} name=${name} memory=${memory} type=${name?.type ?? type} />`}
    </p>
  `;
}

function Value({ position, name, memory, type }) {
  if (!isKnown(memory, position, bytesOf(type))) return html`<span class="quiet">not known</span>`;
  const value = valueAt(memory, position, type);
  return html`
    <span class="ellipsis"><span class="quiet">${type}</span> <b>${meaningText(name, value, type)}</b></span>
    <span class="quiet">${changedText(ageAt(memory, position))}</span>
  `;
}

function changedText(age) {
  if (age === null) return "at rest";
  return age === 0 ? "changed now" : `changed ${countedSets(age)} ago`;
}
