/** Table of the labels in the visible part of the lanes, for screen readers. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { formatNumber } from "../state/format.js";
import { runsBetween } from "../state/lanes.js";
import { numberAt } from "../state/timeline.js";
import { useThrottled } from "./hooks.js";

/** Time in ms between two versions of the table. */
const PAUSE_MS = 400;

export function LaneTable({ watched, axis, left }) {
  const first = Math.max(numberAt(axis, left), axis.first);
  const last = Math.min(numberAt(axis, left + axis.width - 1), axis.last);
  const shown = useThrottled({ watched, first, last }, PAUSE_MS);
  if (shown.watched === null || shown.last < shown.first) return null;
  const { rows, more } = runsBetween(shown.watched, shown.first, shown.last);
  return html`
    <div class="off-screen">
      <table>
        <caption>Labels from set ${formatNumber(shown.first)} to ${formatNumber(shown.last)}${more > 0 && `, and ${formatNumber(more)} more`}</caption>
        <thead><tr><th scope="col">Lane</th><th scope="col">Value</th><th scope="col">First set</th><th scope="col">Last set</th></tr></thead>
        <tbody>
          ${rows.map(
            ({ field, name, value, first: from, last: to }) => html`
              <tr key="${field} ${from}"><th scope="row">${name}</th><td>${value}</td><td>${formatNumber(from)}</td><td>${formatNumber(to)}</td></tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}
