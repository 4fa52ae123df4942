/** What flows onto every new set: the one thing that must not be overlooked. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { FIELD_NAMES, nameOf } from "../state/labels.js";
import { latchedOf } from "../state/label_commands.js";
import { Hint } from "./hint.js";
import { Icon } from "./icons.js";

export function Latched({ state, session, dispatch }) {
  const latched = Object.entries(latchedOf(state));
  if (session?.state === "ended") return null;
  return html`
    <div class="latched" data-on=${latched.length > 0 ? "" : undefined}>
      <${Icon} name="flow" />
      ${latched.length === 0
        ? html`<span class="quiet">Nothing flows onto new sets. <span class="keys-only"><${Hint} keys=${state.keys} name="scopeLatch" /> then a label lets it flow.</span></span>`
        : html`
            <span class="latched-text">Onto every new set</span>
            ${latched.map(
              ([field, value]) => html`
                <button
                  key=${field}
                  class="latch"
                  data-field=${field}
                  title="Stop ${FIELD_NAMES[field]}"
                  onClick=${() => dispatch({ type: "give", labels: { [field]: field === "tags" ? [] : "" }, scope: "latch" })}
                >
                  <b>${[value].flat().map((one) => nameOf(state.watched, field, one)).join(", ")}</b><${Icon} name="close" />
                </button>
              `,
            )}
            <button class="latch-clear" onClick=${() => dispatch({ type: "clearLatched" })}>Stop all <${Hint} keys=${state.keys} name="clearLatched" /></button>
          `}
    </div>
  `;
}
