/** The buttons held and what they mean in the context, each on a number key. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { suggested } from "../state/palette.js";
import { Pad } from "./console_buttons.js";

export function Held({ state, shown, dispatch }) {
  const meanings = suggested(state, shown?.keys ?? "");
  return html`
    <div class="held">
      <${Pad} keys=${shown?.keys ?? ""} />
      <div class="meanings">
        ${meanings.length === 0
          ? html`<span class="quiet">${shown?.keys ? "No action is known for these buttons in this context." : "Actions that held buttons mean appear here."}</span>`
          : meanings.map(
              ({ value, button }, index) => html`
                <button class="button meaning" key=${value} onClick=${() => dispatch({ type: "give", labels: { action: value } })}>
                  <kbd>${index + 1}</kbd> ${value.replaceAll("_", " ")} <span class="quiet">${button}</span>
                </button>
              `,
            )}
      </div>
    </div>
  `;
}
