/** The values of one field as large buttons, and a field for a new one. */
import { html, useState } from "../vendor/htm-preact/standalone.module.js";
import { commonValue, tooLong } from "../state/labels.js";
import { choose, listed } from "../state/palette.js";
import { latchedOf, targets } from "../state/label_commands.js";
import { Icon } from "./icons.js";

export function PadKeys({ state, field, shown, dispatch }) {
  const flows = [latchedOf(state)[field] ?? []].flat();
  const held = state.scope === "latch" ? flows : [commonValue(state.watched.labels, field, targets(state)) ?? []].flat();
  const give = (value) =>
    field !== "tags" && held.includes(value) ? dispatch({ type: "give", labels: { [field]: "" } }) : dispatch(choose(state, field, value));
  return html`
    <div class="pad-grid">
      ${listed(state, field, shown?.keys ?? "").map(
        (option) => html`
          <button
            key=${option.value}
            class="pad-key"
            data-value=${option.value}
            data-meant=${option.button ? "" : undefined}
            aria-pressed=${held.includes(option.value)}
            onClick=${() => give(option.value)}
          >
            ${flows.includes(option.value) && html`<${Icon} name="flow" /><span class="off-screen">Flows: </span>`}${option.label}
          </button>
        `,
      )}
    </div>
    <${NewValue} field=${field} onGive=${give} />
  `;
}

function NewValue({ field, onGive }) {
  const what = field === "tags" ? "New tag" : "New value";
  const [text, setText] = useState("");
  const submit = (event) => {
    event.preventDefault();
    if (text.trim() === "") return;
    onGive(text.trim());
    if (tooLong([[field, text]])) return;
    setText("");
    document.activeElement.blur();
  };
  return html`
    <form class="pad-new" onSubmit=${submit}>
      <input
        class="input"
        aria-label=${what}
        placeholder=${what}
        autocomplete="off"
        enterkeyhint="done"
        value=${text}
        onInput=${(event) => setText(event.currentTarget.value)}
      />
      <button class="button" disabled=${text.trim() === ""}>Give</button>
    </form>
  `;
}
