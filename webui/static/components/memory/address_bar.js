/** Bar over a memory view: go to an address, value type, watch, and the set whose memory is shown. */
import { html, useState } from "../../vendor/htm-preact/standalone.module.js";
import { hex } from "../../state/changes.js";
import { formatNumber } from "../../state/format.js";
import { isComposing } from "../../state/keys.js";
import { parseAddress } from "../../state/memory/addresses.js";
import { VALUE_TYPES } from "../../state/memory/value_types.js";

export function AddressBar({ state, session, memory, dispatch }) {
  const { address, type } = state.memory;
  const regions = session?.regions ?? [];
  const [typed, setTyped] = useState(null);
  const found = typed === null ? address : parseAddress(typed, regions);
  const onKeyDown = (event) => {
    if (isComposing(event) || event.key !== "Enter") return;
    event.preventDefault();
    if (found === null) return;
    dispatch({ type: "address", address: found });
    setTyped(null);
    event.currentTarget.blur();
  };
  return html`
    <div class="address-bar">
      <input
        id="memory-address"
        class="input mono"
        spellcheck="false"
        autocomplete="off"
        placeholder="Address or name"
        aria-label="Go to an address or name"
        aria-invalid=${typed !== null && typed.trim() !== "" && found === null}
        value=${typed ?? (address === null ? "" : hex(address))}
        onFocus=${(event) => event.currentTarget.select()}
        onInput=${(event) => setTyped(event.currentTarget.value)}
        onKeyDown=${onKeyDown}
        onBlur=${() => setTyped(null)}
      />
      <select class="input" aria-label="Value type" value=${type} onChange=${(event) => dispatch({ type: "valueType", valueType: event.currentTarget.value })}>
        ${Object.keys(VALUE_TYPES).map((name) => html`<option key=${name} value=${name}>${name}</option>`)}
      </select>
      <span class="spacer"></span>
      <span class="quiet" role="status">${setText(state.selected, memory)}</span>
    </div>
  `;
}

/** The set whose memory is shown, nothing for null; while that of another one is fetched, both. */
function setText(selected, memory) {
  if (memory === null) return "";
  if (memory === undefined) return selected === null ? "" : `Loading set ${formatNumber(selected)}`;
  const shown = `After set ${formatNumber(memory.number)}`;
  return memory.number === selected || selected === null ? shown : `${shown}, loading ${formatNumber(selected)}`;
}
