/** Side panel: labels, memory changes and statistics as tabs, side by side on wide screens. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { ChangesTable } from "./changes_table.js";
import { KeyHint } from "./icons.js";
import { LabelPanel } from "./label_panel.js";
import { StatisticsPanel } from "./statistics_panel.js";

const TABS = { labels: "Labels", memory: "Memory changes", statistics: "Statistics" };

/** The key that opens a tab while `panel` is open. */
const keyOf = (name, panel) => (name === "statistics" ? "statistics" : (panel === "labels") === (name === "memory") && "memory");

export function SidePanel({ state, session, frameSet, dispatch }) {
  return html`
    <div class="side-panel" data-panel=${state.panel}>
      <div class="tabs" role="tablist" aria-label="Side panel">
        ${Object.entries(TABS).map(
          ([name, text]) => html`
            <button
              key=${name}
              class="tab"
              role="tab"
              data-name=${name}
              aria-selected=${state.panel === name}
              onClick=${() => dispatch({ type: "panel", name })}
            >
              ${text} ${state.panel !== name && html`<${KeyHint} keys=${state.keys} name=${keyOf(name, state.panel)} />`}
            </button>
          `,
        )}
      </div>
      <${LabelPanel} state=${state} session=${session} frameSet=${frameSet} dispatch=${dispatch} />
      ${state.panel === "statistics" && html`<${StatisticsPanel} state=${state} session=${session} dispatch=${dispatch} />`}
      <${ChangesTable}
        frameSet=${frameSet}
        events=${state.watched?.events ?? []}
        table=${state.table}
        config=${state.watched?.labelOptions?.game_config}
        dispatch=${dispatch}
      />
    </div>
  `;
}
