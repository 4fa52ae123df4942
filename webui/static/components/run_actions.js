/** What can be done with a run of a lane that is selected. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { count } from "../state/format.js";
import { FIELD_NAMES } from "../state/labels.js";
import { Hint } from "./hint.js";

export function RunActions({ state, dispatch }) {
  const { selection, keys } = state;
  if (!selection?.field) return null;
  return html`
    <div class="run-actions">
      <span role="status">${FIELD_NAMES[selection.field]}<span class="off-screen">, ${count(selection.ranges[0][0])} – ${count(selection.ranges[0][1])}</span></span>
      <span class="spacer"></span>
      <button class="button" title="Let it begin at the set in sight" onClick=${() => dispatch({ type: "rangeEnd", end: 0 })}>Begin <${Hint} keys=${keys} name="rangeStart" /></button>
      <button class="button" title="Let it end at the set in sight" onClick=${() => dispatch({ type: "rangeEnd", end: 1 })}>End <${Hint} keys=${keys} name="rangeEnd" /></button>
      <button class="button" title="Give the rest of it another label, from the set in sight on" onClick=${() => dispatch({ type: "split" })}>Split <${Hint} keys=${keys} name="split" /></button>
      <button class="button" title="Give the run after it the same label" onClick=${() => dispatch({ type: "merge" })}>Join <${Hint} keys=${keys} name="merge" /></button>
      <button class="button" title="Take the label away" onClick=${() => dispatch({ type: "clearRun" })}>Empty <${Hint} keys=${keys} name="clear" /></button>
    </div>
  `;
}
