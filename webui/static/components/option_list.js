/** Option list of a field: its values, chosen by key, by pointer or by typing. */
import { html, useLayoutEffect, useRef, useState } from "../vendor/htm-preact/standalone.module.js";
import { isComposing } from "../state/keys.js";
import { commonValue, FIELD_NAMES, lengthError } from "../state/labels.js";
import { choose, clearField, listedOptions } from "../state/option_list.js";
import { targets } from "../state/selection.js";
import { latchedOf } from "../state/selectors.js";
import { useFocusRestored } from "./hooks.js";
import { setsInWords } from "./label_controls.js";

const isTouch = matchMedia("(hover: none)");

export function OptionList({ state, frameSet, dispatch }) {
  const field = state.optionList;
  const [text, setText] = useState("");
  // 0: none, else the option with this number is highlighted.
  const [highlighted, setHighlighted] = useState(0);
  const input = useRef(null);
  const typed = text.trim().toLowerCase();
  const all = listedOptions(state, field, frameSet?.keys ?? "");
  const options = typed === "" ? all : all.filter((option) => `${option.label} ${option.value}`.toLowerCase().includes(typed));
  const current = state.scope === "latch" ? (latchedOf(state)[field] ?? "") : commonValue(state.watched.labels, field, targets(state));
  const isCurrent = (value) => (Array.isArray(current) ? current.includes(value) : current === value);
  const hasKeys = all.some((option) => option.key);
  // The focus returns to the field's button where the list was opened by it; opened by key, the page keeps the keyboard.
  useFocusRestored((before) => before.dataset.field === field);
  // Before the paint: the next key press must find the input ready.
  useLayoutEffect(() => {
    if (!hasKeys && !isTouch.matches) input.current.focus();
  }, []);
  const take = (value, latch) => dispatch(choose(state, field, value, latch));
  const onKeyDown = (event) => {
    if (isComposing(event)) return;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move !== undefined) {
      event.preventDefault();
      setHighlighted(Math.min(Math.max(highlighted + move, 0), options.length - 1));
    }
    if (event.key === "Enter") {
      event.preventDefault();
      const exact = all.find((option) => option.value.toLowerCase() === typed || option.label.toLowerCase() === typed);
      const value = exact?.value ?? (highlighted > 0 ? options[highlighted - 1]?.value : text.trim());
      if (value) take(value, event.shiftKey);
      if (!lengthError([[field, text]])) setText("");
      if (hasKeys) input.current?.blur();
    }
  };
  return html`
    <div class="option-list" role="dialog" aria-label=${FIELD_NAMES[field]}>
      <div class="option-list-head">
        <h3>${FIELD_NAMES[field]}</h3>
        <span class="quiet">${scopeInWords(state)}</span>
        <span class="spacer"></span>
        <button class="button" disabled=${!current?.length} onClick=${() => dispatch(clearField(field))}>
          Clear <kbd>Del</kbd>
        </button>
        <button class="button" onClick=${() => dispatch({ type: "optionList", field })}>Close <kbd>Esc</kbd></button>
      </div>
      <input
        id="option-list-text"
        class="input"
        ref=${input}
        spellcheck="false"
        autocomplete="off"
        placeholder="Find, or type a new value   ↵"
        aria-label="Find a value, or type a new one"
        value=${text}
        onInput=${(event) => {
          setText(event.currentTarget.value);
          setHighlighted(0);
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
                aria-selected=${isCurrent(option.value)}
                data-value=${option.value}
                data-highlighted=${highlighted === index + 1 ? "" : undefined}
                onClick=${(event) => take(option.value, event.shiftKey)}
              >
                ${option.key ? html`<kbd>${option.key.toUpperCase()}</kbd>` : html`<span class="no-key"></span>`}
                <span class="ellipsis">${option.label}</span>
                ${option.button && html`<span class="quiet">${option.button}</span>`}
              </button>
            </li>
          `,
        )}
      </ul>
      ${options.length === 0 && html`<p class="quiet">${text ? "Enter applies the new value." : "No values yet. Type the first one."}</p>`}
      ${state.refusal && html`<p class="warning" role="alert">${state.refusal}</p>`}
      <p class="quiet option-list-foot keys-only">
        ${state.scope !== "latch" && field !== "tags" && html`<span><kbd>Shift</kbd> + key: latch from now on</span>`}
        ${hasKeys && html`<span><kbd>Space</kbd>: type a value</span>`}
      </p>
    </div>
  `;
}

function scopeInWords(state) {
  if (state.scope === "latch") return "on every new set";
  if (state.scope === "recent") return `on the last ${state.seconds} s`;
  return `on ${setsInWords(targets(state))}`;
}
