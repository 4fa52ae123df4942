/** Dialog in which an address gets a name, or a name is edited. */
import { html, useLayoutEffect, useRef } from "../../vendor/htm-preact/standalone.module.js";
import { nameFrom, STATUSES } from "../../state/memory/names_state.js";
import { VALUE_TYPES } from "../../state/memory/value_types.js";
import { Dialog } from "../dialogs.js";

export function NameDialog({ form, regions, dispatch }) {
  const first = useRef(null);
  useLayoutEffect(() => first.current.focus(), []);
  const write = (field) => (event) => dispatch({ type: "writeName", field, value: event.currentTarget.value });
  const submit = (event) => {
    event.preventDefault();
    const { name, problem } = nameFrom(form, regions);
    if (problem) dispatch({ type: "nameRefused", message: problem });
    else dispatch({ type: "saveName", name, previous: form.previous });
  };
  const field = (label, name, options = {}) => html`
    <label>
      <span>${label}</span>
      <input class="input ${options.className ?? ""}" ref=${options.ref} spellcheck="false" autocomplete="off" value=${form[name]} onInput=${write(name)} />
    </label>
  `;
  const choice = (label, name, values) => html`
    <label>
      <span>${label}</span>
      <select class="input" value=${form[name]} onChange=${write(name)}>
        ${Object.entries(values).map(([value, text]) => html`<option key=${value} value=${value}>${text}</option>`)}
      </select>
    </label>
  `;
  const lines = (label, name, placeholder) => html`
    <label class="wide">
      <span>${label}</span>
      <textarea class="input" rows="2" spellcheck="false" placeholder=${placeholder} value=${form[name]} onInput=${write(name)}></textarea>
    </label>
  `;
  return html`
    <${Dialog} name=${form.previous === "" ? "Name an address" : `Edit ${form.previous}`} className="name-dialog" dispatch=${dispatch}>
      <h2>${form.previous === "" ? "Name an address" : `Edit ${form.previous}`}</h2>
      <form class="name-form" onSubmit=${submit}>
        ${field("Name", "name", { ref: first })}
        ${field("Address", "address", { className: "mono" })}
        ${choice("Type", "type", Object.fromEntries(Object.keys(VALUE_TYPES).map((type) => [type, type])))}
        ${choice("How sure it is", "status", STATUSES)}
        ${lines("Note", "note", "What it is, in words")}
        ${lines("Values, a line each", "values", "2 = store")}
        <details class="wide">
          <summary>Scale and bits</summary>
          <div class="name-form">
            ${field("Shown as: value times", "factor")} ${field("plus", "offset")} ${field("Unit", "unit")}
            ${lines("Bits, a line each", "bits", "0 = poisoned")}
          </div>
        </details>
        <label class="check wide">
          <input type="checkbox" checked=${form.watched} onChange=${(event) => dispatch({ type: "writeName", field: "watched", value: event.currentTarget.checked })} />
          <span>Watch it</span>
        </label>
        ${form.problem && html`<p class="warning wide" role="alert">${form.problem}</p>`}
        <div class="wide form-buttons">
          <button class="button primary">Save <kbd aria-hidden="true">↵</kbd></button>
          ${form.previous !== "" && html`<button type="button" class="button" onClick=${() => dispatch({ type: "removeName", name: form.previous })}>Remove the name</button>`}
        </div>
      </form>
    <//>
  `;
}
