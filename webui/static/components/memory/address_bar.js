/** Bar over a memory view: go to an address, value type, watch, and the set whose memory is shown. */
import { html, useState } from "../../vendor/htm-preact/standalone.module.js";
import { hex } from "../../state/changes.js";
import { formatNumber } from "../../state/format.js";
import { hintOf, isComposing } from "../../state/keys.js";
import { parseAddress } from "../../state/memory/addresses.js";
import { nameAt } from "../../state/memory/name_index.js";
import { KeyHint } from "../icons.js";
import { TypeSelect } from "./type_select.js";

/** @param {{hasBase?: boolean}} props `hasBase`: the view shows integers in a base of choice */
export function AddressBar({ state, session, memory, hasBase = false, dispatch }) {
  const { address, type, isHex, names } = state.memory;
  const name = address === null ? undefined : nameAt(names, address);
  const regions = session?.regions ?? [];
  const [typed, setTyped] = useState(null);
  const found = typed === null ? address : parseAddress(typed, regions, names);
  const onKeyDown = (event) => {
    if (isComposing(event) || event.key !== "Enter") return;
    event.preventDefault();
    if (found === null) return;
    const named = nameAt(names, found);
    dispatch({ type: "address", address: found, valueType: named?.address === found ? named.type : undefined });
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
      <${TypeSelect} type=${type} label="Value type" dispatch=${dispatch} />
      ${hasBase &&
      html`<button class="button" aria-pressed=${isHex} title="Integers in hex or decimal" onClick=${() => dispatch({ type: "base" })}>Hex</button>`}
      <button
        class="button watch"
        aria-pressed=${name?.watched === true}
        disabled=${address === null}
        title="Watch this address (${hintOf(state.keys, "watch")})"
        onClick=${() => dispatch({ type: "toggleWatched", name, address, valueType: type })}
      >
        Watch <${KeyHint} keys=${state.keys} name="watch" />
      </button>
      <span class="spacer"></span>
      <${MemoryStatus} selected=${state.selected} memory=${memory} />
    </div>
  `;
}

/** The set whose memory is shown, nothing for null; another one is fetched while it is not the selected. */
export function MemoryStatus({ selected, memory }) {
  if (memory === null) return null;
  const isCurrent = memory?.number === selected;
  const text = memory === undefined ? (selected === null ? "" : `Loading set ${formatNumber(selected)}`) : `After set ${formatNumber(memory.number)}`;
  return html`
    <span class="memory-status quiet" data-loading=${isCurrent ? undefined : ""} title=${isCurrent || memory === undefined ? undefined : `Loading set ${formatNumber(selected)}`}>
      ${text}
    </span>
  `;
}
