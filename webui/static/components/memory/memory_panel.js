/** Memory workspace: the view whose tab is open. */
import { html } from "../../vendor/htm-preact/standalone.module.js";
import { NEEDS_MEMORY } from "../../state/memory/views.js";
import { ChangesTable, FindView, HexView, HistoryView, NamesView, ReviewView, SearchView, WatchView } from "../deferred_views.js";
import { MemoryMap } from "./memory_map.js";

/**
 * The memory views by their names in `state/memory/views.js`, which gives the order of the tabs. Each gets the page's `state`, the
 * `session`, the current `frameSet`, the `memory` as loaded last (undefined before the first), `clients` for data of its own and
 * `dispatch`.
 */
export const MEMORY_VIEWS = {
  map: { title: "Map", View: MemoryMap },
  hex: { title: "Hex", View: HexView },
  watch: { title: "Watch", View: WatchView },
  search: { title: "Search", View: SearchView },
  find: { title: "Find", View: FindView },
  history: { title: "History", View: HistoryView },
  names: { title: "Names", View: NamesView },
  changes: { title: "Changes", View: ChangesTable },
  review: { title: "Review", View: ReviewView },
};

export function MemoryPanel(props) {
  const { memory } = props.state;
  const { title, View } = MEMORY_VIEWS[memory.view];
  return html`
    <section class="memory" role="tabpanel" aria-label=${title} data-view=${memory.view}>
      ${memory.problem && html`<p class="warning memory-problem" role="status">${memory.problem}</p>`}
      ${NEEDS_MEMORY.includes(memory.view) && props.session !== undefined && !props.session.regions?.length
        ? html`<p class="quiet">This session does not say which memory it records.</p>`
        : html`<${View} ...${props} />`}
    </section>
  `;
}
