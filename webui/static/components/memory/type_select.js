/** Choice of the value type in which memory is shown. */
import { html } from "../../vendor/htm-preact/standalone.module.js";
import { VALUE_TYPES } from "../../state/memory/value_types.js";

export const TypeSelect = ({ type, label, dispatch }) => html`
  <select class="input" aria-label=${label} value=${type} onChange=${(event) => dispatch({ type: "valueType", valueType: event.currentTarget.value })}>
    ${Object.keys(VALUE_TYPES).map((name) => html`<option key=${name} value=${name}>${name}</option>`)}
  </select>
`;
