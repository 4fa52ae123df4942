/** Option list of a field, its palette of values: typing filters, arrows move, Enter takes; see `state/option_list.js`. */
import { html, useLayoutEffect, useRef } from "../vendor/htm-preact/standalone.module.js";
import { commonValue, FIELD_HINTS, FIELD_NAMES } from "../state/labels.js";
import { choose, clearField, listedOptions, markedRow, matchingRows } from "../state/option_list.js";
import { targets } from "../state/selection.js";
import { latchedOf } from "../state/selectors.js";
import { useFocusRestored } from "./hooks.js";
import { setsInWords } from "./label_controls.js";

/** The id of the input, which takes what is typed while a list is open. */
export const OPTION_INPUT = "option-list-text";

const isTouch = matchMedia("(hover: none)");
const idOf = (index) => `option-${index}`;

export function OptionList({ state, frameSet, dispatch }) {
  const field = state.optionList;
  const input = useRef(null);
  const marked = useRef(null);
  const all = listedOptions(state, field, frameSet?.keys ?? "");
  const rows = matchingRows(all, state.optionText);
  const current = currentValue(state, field);
  const isCurrent = (value) => (Array.isArray(current) ? current.includes(value) : current === value);
  const mark = rows.indexOf(markedRow(state, rows));
  // The focus returns to the field's button where the list was opened by it; opened by key, the page keeps the keyboard.
  useFocusRestored((before) => before.dataset.field === field);
  // Before the paint: the next key press must find the input ready. On touch the keyboard would cover the list.
  useLayoutEffect(() => {
    if (!isTouch.matches) input.current.focus();
  }, []);
  useLayoutEffect(() => marked.current?.scrollIntoView({ block: "nearest" }), [mark]);
  return html`
    <div class="option-list" role="dialog" aria-label=${FIELD_NAMES[field]}>
      <div class="option-list-head">
        <h2>${FIELD_NAMES[field]}</h2>
        <span class="quiet">${scopeInWords(state)}</span>
        <button class="button clear" disabled=${!current?.length} onClick=${() => dispatch(clearField(field))}>
          Clear <kbd>Del</kbd>
        </button>
        <button class="button" onClick=${() => dispatch({ type: "optionList", field })}>Close <kbd>Esc</kbd></button>
      </div>
      <div class="option-list-find">
        <input
          id=${OPTION_INPUT}
          class="input"
          ref=${input}
          role="combobox"
          aria-expanded="true"
          aria-controls="options"
          aria-activedescendant=${mark < 0 ? undefined : idOf(mark)}
          spellcheck="false"
          autocomplete="off"
          placeholder="Type to find or create"
          aria-label="Find a value, or create one"
          value=${state.optionText}
          onInput=${(event) => dispatch({ type: "optionText", text: event.currentTarget.value })}
        />
        <button class="button" title="Names, shortcuts and colours of these values" onClick=${() => dispatch({ type: "editValues", field })}>Edit values</button>
      </div>
      <div class="options" id="options" role="listbox" aria-label="Values of ${FIELD_NAMES[field]}">
        ${rows.map(
          (row, index) => html`
            <button
              key=${row.isNew ? "\n" : row.value}
              id=${idOf(index)}
              ref=${index === mark ? marked : undefined}
              class="option"
              role="option"
              tabindex="-1"
              aria-selected=${isCurrent(row.value)}
              data-value=${row.value}
              data-new=${row.isNew ? "" : undefined}
              data-marked=${index === mark ? "" : undefined}
              onMouseDown=${(event) => event.preventDefault()}
              onClick=${(event) => dispatch(choose(state, field, row.value, event.shiftKey))}
            >
              <span class="ellipsis">${row.label}</span>
              ${row.button && html`<span class="quiet">${row.button}</span>`}
              ${row.key && html`<kbd>${shortcut(row.key)}</kbd>`}
            </button>
          `,
        )}
      </div>
      ${rows.length === 0 && html`<p class="quiet">No values yet. Type the first one. ${FIELD_HINTS[field]}.</p>`}
      ${state.refusal && html`<p class="warning" role="alert">${state.refusal}</p>`}
      <p class="quiet option-list-foot keys-only">
        <span><kbd>↑</kbd> <kbd>↓</kbd> move</span>
        ${mark >= 0 && html`<span><kbd>↵</kbd> take the marked one</span>`}
        ${mark >= 0 && state.scope !== "latch" && field !== "tags" && html`<span><kbd>Shift</kbd> <kbd>↵</kbd> from now on</span>`}
      </p>
    </div>
  `;
}

/** The value in sight: the latched one where labels are latched, else what the targets have in common. */
function currentValue(state, field) {
  if (state.scope === "latch") return latchedOf(state)[field] ?? "";
  return state.watched === null ? "" : commonValue(state.watched.labels, field, targets(state));
}

const shortcut = (key) => (/^\d$/.test(key) ? key : `Alt ${key.toUpperCase()}`);

function scopeInWords(state) {
  if (state.scope === "latch") return "on every new set";
  if (state.scope === "recent") return `on the last ${state.seconds} s`;
  return `on ${setsInWords(targets(state))}`;
}
