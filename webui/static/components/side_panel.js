/** Side panel: labels, the memory views and statistics as tabs; labels stay next to them in wide windows. */
import { html, useLayoutEffect, useRef } from "../vendor/htm-preact/standalone.module.js";
import { NARROW, WIDE } from "../state/layout.js";
import { VIEWS } from "../state/memory/views.js";
import { StatisticsPanel } from "./deferred_views.js";
import { useMedia } from "./hooks.js";
import { KeyHint } from "./icons.js";
import { LabelPanel } from "./label_panel.js";
import { MEMORY_VIEWS, MemoryPanel } from "./memory/memory_panel.js";
import { onRovingKey, rovingItem } from "./roving.js";

export function SidePanel({ state, session, frameSet, memory, clients, dispatch }) {
  const wide = useMedia(WIDE);
  const { panel } = state;
  const tabs = [
    { name: "labels", text: "Labels", selected: panel === "labels", key: panel !== "labels" && "memory", action: { type: "panel", name: "labels" } },
    ...VIEWS.map((view) => {
      const current = state.memory.view === view;
      const selected = current && (panel === "memory" || (wide && panel === "labels"));
      return { name: view, text: MEMORY_VIEWS[view].title, selected, key: current && panel === "labels" && "memory", action: { type: "memoryView", view } };
    }),
    {
      name: "statistics",
      text: "Statistics",
      selected: panel === "statistics",
      key: panel !== "statistics" && "statistics",
      action: { type: "panel", name: "statistics" },
    },
  ].filter(({ name }) => !wide || name !== "labels");
  return html`
    <div class="side-panel" data-panel=${panel}>
      <${Tabs} tabs=${tabs} keys=${state.keys} dispatch=${dispatch} />
      <${LabelPanel} state=${state} session=${session} frameSet=${frameSet} dispatch=${dispatch} />
      ${panel === "statistics" && html`<${StatisticsPanel} state=${state} session=${session} dispatch=${dispatch} />`}
      ${(panel === "memory" || (wide && panel === "labels")) &&
      html`<${MemoryPanel} state=${state} session=${session} frameSet=${frameSet} memory=${memory} clients=${clients} dispatch=${dispatch} />`}
    </div>
  `;
}

function Tabs({ tabs, keys, dispatch }) {
  const list = useRef(null);
  const shown = tabs.find(({ selected }) => selected)?.name;
  useLayoutEffect(() => scrollInSight(list.current, list.current.querySelector(`[data-name="${shown}"]`)), [shown]);
  return html`
    <div class="tabs" role="tablist" aria-label="Side panel" ref=${list} onKeyDown=${onRovingKey}>
      ${tabs.map(
        ({ name, text, selected, key, action }) => html`
          <button
            key=${name}
            class="tab"
            role="tab"
            data-name=${name}
            aria-selected=${selected}
            ...${rovingItem(selected)}
            onClick=${(event) => {
              dispatch(action);
              if (matchMedia(NARROW).matches) event.currentTarget.closest(".side-panel").scrollIntoView();
            }}
          >
            ${text} ${key && html`<${KeyHint} keys=${keys} name=${key} />`}
          </button>
        `,
      )}
    </div>
  `;
}

/** Scroll a list sideways, as little as needed, so that an element of it is in sight. */
function scrollInSight(list, element) {
  if (element === null) return;
  const [outer, inner] = [list.getBoundingClientRect(), element.getBoundingClientRect()];
  list.scrollLeft += Math.min(inner.left - outer.left, 0) + Math.max(inner.right - outer.right, 0);
}
