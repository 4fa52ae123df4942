/** Watched values: the value now, large enough to read while playing, its curve and its alarm. */
import { html, useEffect, useMemo, useRef, useState } from "../../vendor/htm-preact/standalone.module.js";
import { hex } from "../../state/changes.js";
import { formatNumber } from "../../state/format.js";
import { hintOf, isComposing } from "../../state/keys.js";
import { parseAddress, positionOf } from "../../state/memory/addresses.js";
import { ageAt, valueAt } from "../../state/memory/memory_image.js";
import { meaningOf, nameAt, scaledText } from "../../state/memory/name_index.js";
import { neighbourStep, stepsQuestion, withSamples } from "../../state/memory/steps.js";
import { VALUE_TYPES } from "../../state/memory/value_types.js";
import { Icon } from "../icons.js";
import { MemoryStatus } from "./address_bar.js";
import { StepCurve } from "./step_curve.js";

/** Time in ms after which the curves of a session that goes on are asked for again. */
const LIVE_MS = 2000;
/** Values seen live that are kept for the end of a curve. */
const MAX_SAMPLES = 600;

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
      <select class="input" aria-label="Value type of an address" value=${type} onChange=${(event) => dispatch({ type: "valueType", valueType: event.currentTarget.value })}>
        ${Object.keys(VALUE_TYPES).map((name) => html`<option key=${name} value=${name}>${name}</option>`)}
      </select>
      <button class="button" disabled=${address === null}>Watch</button>
      <${MemoryStatus} selected=${state.selected} memory=${memory} />
    </form>
  `;
}

function Watch({ name, state, session, memory, client, dispatch }) {
  const { watched: recorded, selected, chosen, theme } = state;
  const extent = state.extent ?? { first: 0, last: 1 };
  const isLive = session?.state === "live";
  const position = positionOf(session?.regions ?? [], name.address);
  const value = memory === undefined || position === null ? null : valueAt(memory, position, name.type);
  const question = stepsQuestion(hex(name.address), name.type, extent, recorded?.ranges ?? []);
  useEffect(() => {
    if (position !== null && recorded !== null) client.ask(chosen, question, isLive ? LIVE_MS : undefined);
  });
  const steps = useSteps(client.answer(chosen, question), memory, value, `${chosen} ${name.type}`);
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

/** The steps as fetched, and what was seen live since; the last ones until others have come. */
function useSteps(answer, memory, value, key) {
  const held = useRef({ key: "", answer: { numbers: [], values: [] }, samples: [] });
  if (held.current.key !== key) held.current = { key, answer: { numbers: [], values: [] }, samples: [] };
  const { current } = held;
  if (answer !== undefined) current.answer = answer;
  const last = current.samples[current.samples.length - 1];
  if (memory?.derived && memory.number > (last?.number ?? -1)) current.samples = [...current.samples.slice(1 - MAX_SAMPLES), { number: memory.number, value }];
  return useMemo(() => withSamples(current.answer, current.samples), [current.answer, current.samples]);
}

/** Field for the condition that drops a mark or gives a label; the daemon evaluates it. */
function Alarm({ name, dispatch }) {
  const kept = name.alarm ?? "";
  const [text, setText] = useState(kept);
  useEffect(() => setText(kept), [kept]);
  const save = () => text.trim() !== kept && dispatch({ type: "saveName", name: { name: name.name, alarm: text.trim() } });
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
        onKeyDown=${(event) => !isComposing(event) && event.key === "Enter" && event.currentTarget.blur()}
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
