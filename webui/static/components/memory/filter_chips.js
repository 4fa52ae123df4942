/** Filters of a search as chips: each is switched, edited as text, moved and removed, with its own count. */
import { html, useLayoutEffect, useRef, useState } from "../../vendor/htm-preact/standalone.module.js";
import { formatNumber } from "../../state/format.js";
import { isComposing, isModified } from "../../state/keys.js";
import { filterInWords } from "../../state/memory/filters.js";
import { Icon } from "../icons.js";

/** @param {{search: import("../../state/memory/search_state.js").Search, counts: object[], dispatch: Function}} props `counts`: of each filter */
export function FilterChips({ search, counts, dispatch }) {
  const [dragged, setDragged] = useState(null);
  const drop = (to) => {
    if (dragged !== null) dispatch({ type: "moveFilter", id: dragged, to });
    setDragged(null);
  };
  return html`
    <ol class="filter-chips" aria-label="Filters of the search">
      ${search.filters.map((filter, place) =>
        filter.id === search.edited
          ? html`<${EditedChip} key=${filter.id} filter=${filter} dispatch=${dispatch} />`
          : html`
              <${Chip}
                key=${filter.id}
                filter=${filter}
                place=${place}
                last=${search.filters.length - 1}
                count=${counts[place]}
                isDragged=${filter.id === dragged}
                onDrag=${setDragged}
                onDrop=${() => drop(place)}
                dispatch=${dispatch}
              />
            `,
      )}
    </ol>
  `;
}

function Chip({ filter, place, last, count, isDragged, onDrag, onDrop, dispatch }) {
  const { id, text, on } = filter;
  const words = filterInWords(text);
  const move = (by) => dispatch({ type: "moveFilter", id, to: Math.min(Math.max(place + by, 0), last) });
  const onKeyDown = (event) => {
    if (isComposing(event)) return;
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const act =
      event.altKey && by !== undefined
        ? () => move(by)
        : isModified(event)
          ? undefined
          : { Delete: () => remove(event, dispatch, id), Backspace: () => remove(event, dispatch, id), F2: () => dispatch({ type: "editFilter", id }), ...(by && { [event.key]: () => focusChip(event, by) }) }[event.key];
    if (act === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  return html`
    <li
      class="filter-chip"
      data-on=${on ? "" : undefined}
      data-dragged=${isDragged ? "" : undefined}
      draggable="true"
      onDragStart=${(event) => {
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", text);
        onDrag(id);
      }}
      onDragEnd=${() => onDrag(null)}
      onDragOver=${(event) => event.preventDefault()}
      onDrop=${(event) => {
        event.preventDefault();
        onDrop();
      }}
      onKeyDown=${onKeyDown}
    >
      <button
        class="chip-toggle"
        role="switch"
        aria-checked=${on}
        title="${text}: Space switches it, F2 edits it, Alt and arrows move it, Del removes it"
        onClick=${() => dispatch({ type: "toggleFilter", id })}
      >
        <${Icon} name=${on ? "checked" : "unchecked"} />
        <span class="ellipsis">${words}</span>
      </button>
      <span class="chip-count">${countText(count, on)}</span>
      <button class="chip-button" aria-label="Edit “${words}” as text" title="Edit as text (F2)" onClick=${() => dispatch({ type: "editFilter", id })}>
        <${Icon} name="edit" />
      </button>
      <button class="chip-button" aria-label="Remove “${words}”" title="Remove (Del)" onClick=${(event) => remove(event, dispatch, id)}>
        <${Icon} name="close" />
      </button>
    </li>
  `;
}

/** Number of addresses that pass a filter by itself, and of those whose value is unknown. */
function countText(count, on) {
  if (!on) return "off";
  if (typeof count?.passes !== "number") return "";
  const unknown = count.unknown > 0 ? `, ${formatNumber(count.unknown)} unknown` : "";
  return `${formatNumber(count.passes)} alone${unknown}`;
}

/** Remove a filter; the focus goes to its neighbour. */
function remove(event, dispatch, id) {
  const chip = event.currentTarget.closest(".filter-chip");
  const next = (chip.nextElementSibling ?? chip.previousElementSibling)?.querySelector(".chip-toggle");
  dispatch({ type: "removeFilter", id });
  requestAnimationFrame(() => (next?.isConnected ? next : document.getElementById("search-number"))?.focus());
}

function focusChip(event, by) {
  const chip = event.currentTarget.closest(".filter-chip");
  (by < 0 ? chip.previousElementSibling : chip.nextElementSibling)?.querySelector(".chip-toggle")?.focus();
}

/** A filter as the text that the search understands. */
function EditedChip({ filter, dispatch }) {
  const input = useRef(null);
  const [text, setText] = useState(filter.text);
  useLayoutEffect(() => {
    input.current.focus();
    input.current.select();
  }, []);
  const leave = (written) => {
    const chip = input.current.closest("li");
    const chips = chip.parentElement;
    const place = [...chips.children].indexOf(chip);
    // Rendered at once: the end of an edit is a part of the state that moves the focus.
    dispatch({ type: "writeFilter", id: filter.id, text: written });
    chips.children[Math.min(place, chips.children.length - 1)]?.querySelector(".chip-toggle")?.focus();
  };
  const onKeyDown = (event) => {
    if (isComposing(event) || (event.key !== "Enter" && event.key !== "Escape")) return;
    event.preventDefault();
    event.stopPropagation();
    leave(event.key === "Enter" ? text : filter.text);
  };
  return html`
    <li class="filter-chip" data-on>
      <input
        class="input mono"
        ref=${input}
        spellcheck="false"
        autocomplete="off"
        aria-label="Filter as text"
        value=${text}
        onInput=${(event) => setText(event.currentTarget.value)}
        onKeyDown=${onKeyDown}
      />
      <button class="button" onClick=${() => leave(text)}>Apply <kbd aria-hidden="true">↵</kbd></button>
      <button class="button" onClick=${() => leave(filter.text)}>Cancel <kbd aria-hidden="true">Esc</kbd></button>
    </li>
  `;
}
