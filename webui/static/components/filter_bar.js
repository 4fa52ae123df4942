/** Filter of the frame sets by label, and the progress of labelling. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { formatNumber } from "../state/format.js";
import { isComposing } from "../state/keys.js";
import { FIELD_NAMES, FIELDS, isFiltering, matching, nameOf, optionsOf, statusCounts, valuesIn } from "../state/labels.js";
import { countOf } from "../state/ranges.js";
import { KeyHint } from "./icons.js";

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
      <div class="statuses" role="radiogroup" aria-label="Show frame sets">
        ${Object.entries(STATUSES).map(
          ([status, text]) => html`
            <button
              key=${status}
              class="segment"
              role="radio"
              data-status=${status}
              aria-checked=${filter.status === status}
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
      <button class="segment marked" aria-pressed=${filter.marked} onClick=${() => dispatch({ type: "filterSets", marked: !filter.marked })}>Marks</button>
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
          Select ${formatNumber(countOf(matching(watched.labels, watched.ranges, watched.events, filter)))} <${KeyHint} keys=${keys} name="selectFiltered" />
        </button>
      `}
    </div>
  `;
}
