/** Search of the recorded memory: controls that make filters, the filters, and the candidates that pass them. */
import { html, useRef, useState } from "../../vendor/htm-preact/standalone.module.js";
import { download } from "../../link/memory_requests.js";
import { formatNumber } from "../../state/format.js";
import { firstOf, lastOf } from "../../state/ranges.js";
import { hintInWords } from "../../state/memory/filters.js";
import { isPending, savedForm, searchOf } from "../../state/memory/search_state.js";
import { VALUE_TYPES } from "../../state/memory/value_types.js";
import { Candidates } from "./candidates.js";
import { FilterChips } from "./filter_chips.js";
import { FilterComposer } from "./filter_composer.js";
import { Menu } from "../menu.js";

export function SearchView({ state, session, memory, dispatch }) {
  const search = searchOf(state);
  const { answer } = search;
  const ranges = state.watched?.ranges ?? [];
  return html`
    <div class="search">
      <${FilterComposer} state=${state} dispatch=${dispatch} />
      ${search.filters.length > 0 && html`<${FilterChips} search=${search} counts=${answer?.filters ?? []} dispatch=${dispatch} />`}
      <${Bar} state=${state} session=${session} search=${search} dispatch=${dispatch} />
      ${search.problem && html`<p class="warning" role="alert">${search.problem}</p>`}
      <${Candidates}
        state=${state}
        search=${search}
        memory=${memory}
        regions=${session?.regions ?? []}
        extent=${[firstOf(ranges) ?? 0, lastOf(ranges) ?? 0]}
        empty=${emptyText(state, search)}
        dispatch=${dispatch}
      />
    </div>
  `;
}

function emptyText(state, search) {
  if (!search.filters.some(({ on }) => on)) return "Say above what you know: what a number is here, or what it did between two sets.";
  if (search.problem || isPending(state)) return "";
  return hintInWords(search.answer?.hint ?? "") || "Nothing passes all filters. Switch one off, or edit it.";
}

/** Bar of the search: number of candidates, types and regions, saved searches. */
function Bar({ state, session, search, dispatch }) {
  const { answer, types, regions, kept, excluded } = search;
  const isAsked = search.filters.some(({ on }) => on);
  return html`
    <div class="search-bar">
      <output class="left" aria-live="polite" data-pending=${isPending(state) ? "" : undefined}>
        ${isAsked && answer !== null ? html`<b>${formatNumber(answer.addresses)}</b> left` : html`<span class="quiet">${isAsked ? "Searching" : "No filter yet"}</span>`}
        ${isAsked && answer?.unknown > 0 && html`<span class="quiet" title="Their value is not known at a moment that a filter needs, so they neither pass nor fail">${formatNumber(answer.unknown)} unknown</span>`}
        ${isAsked && answer?.left_out > 0 && html`<span class="quiet" title="They lie outside of the memory that is searched, so no filter sees them">${formatNumber(answer.left_out)} ${answer.left_out === 1 ? "change" : "changes"} left out</span>`}
      </output>
      ${(kept !== null || excluded.length > 0) &&
      html`<button class="button" onClick=${() => dispatch({ type: "allCandidates" })}>Show all again</button>`}
      <span class="spacer"></span>
      <${Menu} label=${types.length > 3 ? `${types.length} types` : types.join(" ")} title="Types of numbers that are searched">
        <fieldset class="checks">
          <legend class="caption">Types</legend>
          ${Object.keys(VALUE_TYPES).map((name) => html`<${Check} key=${name} text=${name} checked=${types.includes(name)} onChange=${() => dispatch({ type: "toggleType", name })} />`)}
        </fieldset>
        <fieldset class="checks">
          <legend class="caption">Regions</legend>
          ${(session?.regions ?? []).map(
            ({ name }) => html`<${Check} key=${name} text=${name} checked=${regions.length === 0 || regions.includes(name)} onChange=${() => dispatch({ type: "toggleRegion", name })} />`,
          )}
        </fieldset>
        <fieldset class="checks">
          <legend class="caption">Addresses</legend>
          <${Check} text="aligned only" checked=${search.aligned} onChange=${() => dispatch({ type: "toggleAligned" })} />
        </fieldset>
      <//>
      <${Menu} label=${search.name || "Searches"} title="Save, open and share searches">
        <${Searches} state=${state} search=${search} dispatch=${dispatch} />
      <//>
    </div>
  `;
}

const Check = ({ text, checked, onChange }) => html`
  <label class="check"><input type="checkbox" checked=${checked} onChange=${onChange} /> <span>${text}</span></label>
`;

function Searches({ state, search, dispatch }) {
  const file = useRef(null);
  const [saved, setSaved] = useState(search.name);
  const { session, list } = state.savedSearches;
  const known = session === state.chosen ? list : [];
  const save = (event) => {
    event.preventDefault();
    dispatch({ type: "nameSearch", name: saved.trim() });
    dispatch({ type: "saveSearch" });
  };
  const read = async () => {
    const [chosen] = file.current.files;
    if (chosen === undefined) return;
    const text = await chosen.text();
    dispatch({ type: "openSearch", search: parsed(text) });
    file.current.value = "";
  };
  return html`
    <form class="composer-form" onSubmit=${save}>
      <input class="input" aria-label="Name of the search" placeholder="Name" autocomplete="off" value=${saved} onInput=${(event) => setSaved(event.currentTarget.value)} />
      <button class="button" disabled=${saved.trim() === "" || search.filters.length === 0}>Save</button>
    </form>
    <ul class="saved-searches" aria-label="Saved searches">
      ${known.map(
        (one) => html`
          <li key=${one.name}>
            <button class="button flat" onClick=${() => dispatch({ type: "openSearch", search: one })}>${one.name}</button>
            <button class="button flat icon-button" aria-label="Remove ${one.name}" onClick=${() => dispatch({ type: "removeSearch", name: one.name })}>×</button>
          </li>
        `,
      )}
    </ul>
    <div class="menu-buttons">
      <button class="button" onClick=${() => dispatch({ type: "newSearch" })}>New search</button>
      <button class="button" disabled=${search.filters.length === 0} onClick=${() => download(fileName(search), fileText(search))}>Download</button>
      <button class="button" onClick=${() => file.current.click()}>Open a file</button>
      <input class="off-screen" type="file" tabindex="-1" accept=".json" aria-label="File of a search" ref=${file} onChange=${read} />
    </div>
  `;
}

/** A file of searches with this one, as `gbatrace search` reads it. */
const fileText = (search) => JSON.stringify({ searches: [savedForm({ ...search, name: search.name || "search" })] }, null, 2);

const fileName = ({ name }) => `${name.replace(/[^\p{L}\p{N}_-]+/gu, "-") || "search"}.search.json`;

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
