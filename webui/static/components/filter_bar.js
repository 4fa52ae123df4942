/** Filter of the frame sets by label, and the progress of labelling. */
import { html, useState } from "../vendor/htm-preact/standalone.module.js";
import { hex } from "../state/changes.js";
import { CONSOLE } from "../state/console.js";
import { formatNumber } from "../state/format.js";
import { isComposing } from "../state/keys.js";
import { FIELD_NAMES, FIELDS, nameOf, optionsOf, statusCounts, valuesIn } from "../state/labels.js";
import { nameAt } from "../state/memory/name_index.js";
import { countOf } from "../state/ranges.js";
import { filteredSets, isFiltering, LOOKED_UP, lookupOf, NO_FILTER } from "../state/set_filter.js";
import { KeyHint } from "./icons.js";
import { Menu } from "./menu.js";
import { onRovingKey, rovingItem } from "./roving.js";

const STATUSES = { all: "All", unlabelled: "Unlabelled", partial: "Partial", complete: "Complete" };

export function FilterBar({ state, dispatch }) {
  const { watched, filter, keys } = state;
  if (watched === null) return html`<div class="filter-bar"></div>`;
  const counts = statusCounts(watched.labels, watched.ranges);
  const filtering = isFiltering(filter);
  const share = counts.all ? Math.floor((100 * counts.complete) / counts.all) : 0;
  const used = [...FIELDS, "tags"].map((field) => [field, valuesIn(watched.labels, field)]).filter(([, values]) => values.size > 0);
  return html`
    <div class="filter-bar">
      <div class="statuses" role="radiogroup" aria-label="Show frame sets" onKeyDown=${onRovingKey}>
        ${Object.entries(STATUSES).map(
          ([status, text]) => html`
            <button
              key=${status}
              class="segment"
              role="radio"
              data-status=${status}
              aria-checked=${filter.status === status}
              ...${rovingItem(filter.status === status)}
              onClick=${() => dispatch({ type: "filterSets", status })}
            >
              ${text} <b>${formatNumber(counts[status])}</b>
            </button>
          `,
        )}
      </div>
      <span class="progress" role="progressbar" aria-label="Complete" aria-valuenow=${share} aria-valuemin="0" aria-valuemax="100" title="${share} % complete">
        <i style=${{ width: `${counts.all ? (100 * counts.complete) / counts.all : 0}%` }}></i>
      </span>
      <output class="share">${share} %</output>
      <select
        class="input"
        aria-label="Only sets with this label"
        value=${filter.field && `${filter.field}=${filter.value}`}
        onChange=${(event) => {
          const [field, ...value] = event.currentTarget.value.split("=");
          dispatch({ type: "filterSets", field, value: value.join("=") });
          event.currentTarget.blur();
        }}
      >
        <option value="">Any label</option>
        ${used.map(
          ([field, values]) => html`
            <optgroup key=${field} label=${FIELD_NAMES[field]}>
              ${optionsOf(watched, field)
                .filter((option) => values.has(option.value))
                .map((option) => html`<option value="${field}=${option.value}">${nameOf(watched, field, option.value)}</option>`)}
            </optgroup>
          `,
        )}
      </select>
      <select
        class="input"
        aria-label="Only sets in which this button is held"
        value=${filter.button}
        onChange=${(event) => {
          dispatch({ type: "filterSets", button: event.currentTarget.value });
          event.currentTarget.blur();
        }}
      >
        <option value="">Any button</option>
        ${CONSOLE.buttons.map((button) => html`<option key=${button} value=${button}>${button} held</option>`)}
      </select>
      <button class="segment marked" aria-pressed=${filter.marked} onClick=${() => dispatch({ type: "filterSets", marked: !filter.marked })}>Marks</button>
      <button class="segment marked" aria-pressed=${filter.flawed} title="Frame sets that are not whole" onClick=${() => dispatch({ type: "filterSets", flawed: !filter.flawed })}>Flaws</button>
      <${ChangedToggle} state=${state} dispatch=${dispatch} />
      <input
        id="sets-filter"
        class="input"
        type="search"
        spellcheck="false"
        autocomplete="off"
        placeholder="Find in labels"
        aria-label="Find in labels"
        value=${filter.text}
        onInput=${(event) => dispatch({ type: "filterSets", text: event.currentTarget.value })}
        onKeyDown=${(event) => event.key === "Enter" && !isComposing(event) && event.currentTarget.blur()}
      />
      ${filtering &&
      html`
        <button class="button" onClick=${() => dispatch({ type: "selectFiltered" })}>
          Select ${formatNumber(countOf(filteredSets(state)))} <${KeyHint} keys=${keys} name="selectFiltered" />
        </button>
      `}
      <${Menu} label="Filters" title="Save filters, and use them again">
        <${SavedFilters} state=${state} dispatch=${dispatch} />
      <//>
      ${LOOKED_UP.map((condition) => {
        const { problem } = lookupOf(state, condition);
        return problem && html`<span key=${condition} class="warning" role="alert">${problem}</span>`;
      })}
    </div>
  `;
}

/** Filter by the changes of the address that is chosen in memory: a candidate of a search, a watched value. */
function ChangedToggle({ state, dispatch }) {
  const { address, type, names } = state.memory;
  const { changed } = state.filter;
  const chosen = address === null ? "" : `${hex(address)} ${type}`;
  const shown = changed || chosen;
  if (shown === "") return null;
  const name = nameAt(names, parseInt(shown, 16))?.name ?? shown.split(" ")[0];
  return html`
    <button class="segment marked" aria-pressed=${changed !== ""} title="Frame sets in which ${shown} changed" onClick=${() => dispatch({ type: "filterSets", changed: changed === "" ? chosen : "" })}>
      Changes of ${name}
    </button>
  `;
}

function SavedFilters({ state, dispatch }) {
  const [name, setName] = useState("");
  const save = (event) => {
    event.preventDefault();
    dispatch({ type: "saveSetFilter", name: name.trim() });
    setName("");
  };
  return html`
    <form class="composer-form" onSubmit=${save}>
      <input class="input" aria-label="Name of the filter" placeholder="Name" autocomplete="off" maxlength="60" value=${name} onInput=${(event) => setName(event.currentTarget.value)} />
      <button class="button" disabled=${name.trim() === "" || !isFiltering(state.filter)}>Save</button>
    </form>
    <ul class="saved-searches" aria-label="Saved filters">
      ${state.savedFilters.map(
        (one) => html`
          <li key=${one.name}>
            <button class="button flat" onClick=${() => dispatch({ type: "filterSets", ...one.filter })}>${one.name}</button>
            <button class="button flat icon-button" aria-label="Remove ${one.name}" onClick=${() => dispatch({ type: "removeSetFilter", name: one.name })}>×</button>
          </li>
        `,
      )}
    </ul>
    <div class="menu-buttons">
      <button class="button" disabled=${!isFiltering(state.filter)} onClick=${() => dispatch({ type: "filterSets", ...NO_FILTER })}>No filter</button>
    </div>
  `;
}
