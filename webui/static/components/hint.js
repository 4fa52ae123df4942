/** The key of an action, shown where it acts. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { hintOf } from "../state/keys.js";

export function Hint({ keys, name }) {
  const hint = hintOf(keys, name);
  return hint && html`<kbd aria-hidden="true">${hint}</kbd>`;
}
