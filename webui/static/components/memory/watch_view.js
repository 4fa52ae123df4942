/** Watched values: the value now, large enough to read while playing, its curve and its alarm. */
import { html, useEffect, useState } from "../../vendor/htm-preact/standalone.module.js";
import { hex } from "../../state/changes.js";
import { formatNumber } from "../../state/format.js";
import { hintOf, isComposing } from "../../state/keys.js";
import { parseAddress } from "../../state/memory/addresses.js";
import { ageAt } from "../../state/memory/memory_image.js";
import { meaningOf, nameAt, scaledText } from "../../state/memory/name_index.js";
import { neighbourStep } from "../../state/memory/steps.js";
import { Icon } from "../icons.js";
import { MemoryStatus } from "./address_bar.js";
import { StepCurve } from "./step_curve.js";
import { TypeSelect } from "./type_select.js";
import { useWatched } from "./watched_value.js";

export function WatchView({ state, session, memory, clients, dispatch }) {
  const watched = state.memory.names.filter((name) => name.watched);
  return html`
    <${Adder} state=${state} session=${session} memory=${memory} dispatch=${dispatch} />
    ${watched.length === 0 &&
    html`<p class="quiet">Nothing is watched yet. Type a name or an address here, or choose an address in another view and press ${hintOf(state.keys, "watch")}.</p>`}
    <ul class="watches">
      ${watched.map(
        (name) => html`
          <${Watch} key=${name.name} name=${name} state=${state} session=${session} memory=${memory} client=${clients.memory} dispatch=${dispatch} />
        `,
      )}
    </ul>
  `;
}

/** Field for a name of the book or an address to watch. */
function Adder({ state, session, memory, dispatch }) {
  const { names, type } = state.memory;
  const [text, setText] = useState("");
  const address = parseAddress(text, session?.regions ?? [], names);
  const submit = (event) => {
    event.preventDefault();
    if (address === null) return;
    const name = nameAt(names, address);
    if (!name?.watched) dispatch({ type: "toggleWatched", name, address, valueType: type });
    setText("");
  };
  return html`
    <form class="watch-adder" onSubmit=${submit}>
      <input
        id="watch-name"
        class="input"
        list="watch-names"
        spellcheck="false"
        autocomplete="off"
        placeholder="Name or address to watch"
        aria-label="Name or address to watch"
        aria-invalid=${text.trim() !== "" && address === null}
        value=${text}
        onInput=${(event) => setText(event.currentTarget.value)}
      />
      <datalist id="watch-names">${names.filter((name) => !name.watched).map((name) => html`<option key=${name.name} value=${name.name}></option>`)}</datalist>
      <${TypeSelect} type=${type} label="Value type of an address" dispatch=${dispatch} />
      <button class="button" disabled=${address === null}>Watch</button>
      <${MemoryStatus} selected=${state.selected} memory=${memory} />
    </form>
  `;
}

function Watch({ name, state, session, memory, client, dispatch }) {
  const { selected, theme } = state;
  const extent = state.extent ?? { first: 0, last: 1 };
  const { position, value, steps } = useWatched({ name, state, session, memory, client, extent });
  const go = (set) => set !== null && dispatch({ type: "select", set });
  const before = selected === null ? null : neighbourStep(steps, selected, -1);
  const after = selected === null ? null : neighbourStep(steps, selected, 1);
  return html`
    <li class="watch-row" aria-label=${name.name}>
      <div class="watch-value">
        <button
          class="watch-name ellipsis"
          title="${name.note || name.name}: ${hex(name.address)}, ${name.type}. Show it in hex"
          onClick=${() => dispatch({ type: "address", address: name.address, view: "hex" })}
        >
          ${name.name}
        </button>
        <output aria-live="off" data-lit=${memory !== undefined && position !== null && ageAt(memory, position) === 0 ? "" : undefined}>
          <span class="watch-now ellipsis">${position === null ? "not recorded" : scaledText(name, value, name.type)}</span>
          <span class="watch-meaning ellipsis">${meaningOf(name, value)}</span>
        </output>
      </div>
      <${StepCurve}
        steps=${steps}
        extent=${extent}
        selected=${selected}
        theme=${theme}
        label="${name.name} from set ${formatNumber(extent.first)} to ${formatNumber(extent.last)}: ${curveInWords(steps, extent)}"
        onSelect=${go}
      />
      <div class="watch-actions">
        <button class="button icon-button flat" aria-label="Previous change of ${name.name}" title="Previous change" disabled=${before === null} onClick=${() => go(before)}>
          <${Icon} name="previous" />
        </button>
        <button class="button icon-button flat" aria-label="Next change of ${name.name}" title="Next change" disabled=${after === null} onClick=${() => go(after)}>
          <${Icon} name="next" />
        </button>
        <button
          class="button icon-button flat"
          aria-label="Watch ${name.name} no longer"
          title="Watch no longer"
          onClick=${() => dispatch({ type: "toggleWatched", name })}
        >
          <${Icon} name="close" />
        </button>
      </div>
      <${Alarm} name=${name} dispatch=${dispatch} />
    </li>
  `;
}

/** Field for the condition that drops a mark or gives a label; the daemon evaluates it. */
function Alarm({ name, dispatch }) {
  const kept = name.alarm ?? "";
  const [text, setText] = useState(kept);
  useEffect(() => setText(kept), [kept]);
  const save = (event) => {
    const alarm = event.currentTarget.value.trim();
    if (alarm !== kept) dispatch({ type: "saveName", name: { name: name.name, alarm } });
  };
  const onKeyDown = (event) => {
    if (isComposing(event)) return;
    if (event.key === "Enter") event.currentTarget.blur();
    if (event.key !== "Escape") return;
    event.currentTarget.value = kept;
    setText(kept);
  };
  return html`
    <label class="watch-alarm">
      <span class="quiet">Alarm</span>
      <input
        class="input"
        spellcheck="false"
        autocomplete="off"
        placeholder="none"
        title="A condition such as: < 5, fell, changed, = 0 then label outcome=lost. It drops a mark, or does what follows then."
        value=${text}
        onInput=${(event) => setText(event.currentTarget.value)}
        onKeyDown=${onKeyDown}
        onBlur=${save}
      />
    </label>
  `;
}

/** `5 changes, 3 to 24` */
function curveInWords({ numbers, values }, { first, last }) {
  const seen = values.filter((value, index) => value !== null && numbers[index] <= last && (numbers[index + 1] ?? Infinity) > first);
  if (seen.length === 0) return "no known value";
  const changes = numbers.filter((number) => number > first && number <= last).length;
  return `${formatNumber(changes)} ${changes === 1 ? "change" : "changes"}, ${Math.min(...seen)} to ${Math.max(...seen)}`;
}
