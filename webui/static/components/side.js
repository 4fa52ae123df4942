/** What stands beside the picture: labels or memory changes; both where there is room. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { ChangesTable } from "./changes_table.js";
import { Hint } from "./hint.js";
import { LabelPanel } from "./label_panel.js";

const TABS = { labels: "Labels", memory: "Memory changes" };

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
              aria-selected=${state.panel === name}
              onClick=${() => dispatch({ type: "panel", name })}
            >
              ${text} ${state.panel !== name && html`<${Hint} keys=${state.keys} name="memory" />`}
            </button>
          `,
        )}
      </div>
      <${LabelPanel} state=${state} session=${session} shown=${shown} dispatch=${dispatch} />
      <${ChangesTable} shown=${shown} events=${state.watched?.events ?? []} table=${state.table} dispatch=${dispatch} />
    </div>
  `;
}
