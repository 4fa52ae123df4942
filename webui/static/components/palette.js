/** The values of a field: chosen by letter, by pointer, or typed. */
import { html, useLayoutEffect, useRef, useState } from "../vendor/htm-preact/standalone.module.js";
import { count } from "../state/format.js";
import { isComposing } from "../state/keys.js";
import { commonValue, FIELD_NAMES, tooLong } from "../state/labels.js";
import { choose, listed } from "../state/palette.js";
import { useFocusBack } from "./hooks.js";
import { countOf } from "../state/ranges.js";
import { latchedOf, targets } from "../state/label_commands.js";

const touch = matchMedia("(hover: none)");

export function Palette({ state, shown, dispatch }) {
  const field = state.palette;
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const input = useRef(null);
  const wanted = text.trim().toLowerCase();
  const all = listed(state, field, shown?.keys ?? "");
  const options = wanted === "" ? all : all.filter((option) => `${option.label} ${option.value}`.toLowerCase().includes(wanted));
  const held = state.scope === "latch" ? (latchedOf(state)[field] ?? "") : commonValue(state.watched.labels, field, targets(state));
  const has = (value) => (Array.isArray(held) ? held.includes(value) : held === value);
  const byLetter = all.some((option) => option.key);
  // Whoever came from the field's button goes on from there; whoever came by its letter has the keys of the page.
  useFocusBack((before) => before.dataset.field === field);
  // Before the paint: whoever types fast must find the field ready.
  useLayoutEffect(() => {
    if (!byLetter && !touch.matches) input.current.focus();
  }, []);
  const take = (value, latch) => dispatch(choose(state, field, value, latch));
  const onKeyDown = (event) => {
    if (isComposing(event)) return;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move !== undefined) {
      event.preventDefault();
      setAt(Math.min(Math.max(at + move, 0), options.length - 1));
    }
    if (event.key === "Enter") {
      event.preventDefault();
      const exact = all.find((option) => option.value.toLowerCase() === wanted || option.label.toLowerCase() === wanted);
      const value = exact?.value ?? (at > 0 ? options[at - 1]?.value : text.trim());
      if (value) take(value, event.shiftKey);
      if (!tooLong([[field, text]])) setText("");
      if (byLetter) input.current?.blur();
    }
  };
  return html`
    <div class="palette" role="dialog" aria-label=${FIELD_NAMES[field]}>
      <div class="palette-head">
        <h3>${FIELD_NAMES[field]}</h3>
        <span class="quiet">${whereTo(state)}</span>
        <span class="spacer"></span>
        <button class="button" disabled=${!held || held.length === 0} onClick=${() => dispatch({ type: "give", labels: { [field]: field === "tags" ? [] : "" } })}>
          Empty <kbd>Del</kbd>
        </button>
        <button class="button" onClick=${() => dispatch({ type: "palette", field })}>Close <kbd>Esc</kbd></button>
      </div>
      <input
        id="palette-text"
        class="input"
        ref=${input}
        spellcheck="false"
        autocomplete="off"
        placeholder="Type to find, or a new value   ↵"
        aria-label="Find a value, or type a new one"
        value=${text}
        onInput=${(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown=${onKeyDown}
      />
      <ul class="options" role="listbox" aria-label="Values of ${FIELD_NAMES[field]}">
        ${options.map(
          (option, index) => html`
            <li key=${option.value} role="presentation">
              <button
                class="option"
                role="option"
                aria-selected=${has(option.value)}
                data-value=${option.value}
                data-at=${at === index + 1 ? "" : undefined}
                onClick=${(event) => take(option.value, event.shiftKey)}
              >
                ${option.key ? html`<kbd>${option.key.toUpperCase()}</kbd>` : html`<span class="no-key"></span>`}
                <span>${option.label}</span>
                ${option.button && html`<span class="quiet">${option.button}</span>`}
              </button>
            </li>
          `,
        )}
      </ul>
      ${options.length === 0 && html`<p class="quiet">${text ? html`Enter gives the new value.` : "No values yet: type the first one."}</p>`}
      ${state.refused && html`<p class="trouble" role="alert">${state.refused}</p>`}
      <p class="quiet palette-foot keys-only">
        ${state.scope !== "latch" && field !== "tags" && html`<span><kbd>Shift</kbd> + key: onto every new set</span>`}
        ${byLetter && html`<span><kbd>Space</kbd> types</span>`}
      </p>
    </div>
  `;
}

function whereTo(state) {
  if (state.scope === "latch") return "onto every new set";
  if (state.scope === "recent") return `to the last ${state.seconds} s`;
  const many = countOf(targets(state));
  return many === 1 ? `to set ${count(targets(state)[0][0])}` : `to ${count(many)} sets`;
}
