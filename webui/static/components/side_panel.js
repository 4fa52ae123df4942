/** What stands beside the picture: labels, memory changes or statistics; labels and one of the others where there is room. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { ChangesTable } from "./changes_table.js";
import { Hint } from "./hint.js";
import { LabelPanel } from "./label_panel.js";
import { Statistics } from "./statistics_panel.js";

const TABS = { labels: "Labels", memory: "Memory changes", statistics: "Statistics" };

/** The key that leads to a tab from where the page is. */
const keyTo = (name, panel) => (name === "statistics" ? "statistics" : (panel === "labels") === (name === "memory") && "memory");

export function Side({ state, session, shown, dispatch }) {
  return html`
    <div class="side" data-panel=${state.panel}>
      <div class="tabs" role="tablist" aria-label="Beside the picture">
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
              ${text} ${state.panel !== name && html`<${Hint} keys=${state.keys} name=${keyTo(name, state.panel)} />`}
            </button>
          `,
        )}
      </div>
      <${LabelPanel} state=${state} session=${session} shown=${shown} dispatch=${dispatch} />
      ${state.panel === "statistics" && html`<${Statistics} state=${state} session=${session} dispatch=${dispatch} />`}
      <${ChangesTable} shown=${shown} events=${state.watched?.events ?? []} table=${state.table} config=${state.watched?.offer?.game_config} dispatch=${dispatch} />
    </div>
  `;
}
