/** Values and how often each occurs: a table with a bar in each row. A row may lead somewhere. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { count, percent } from "../state/format.js";

const SHOWN = 8;

/** @param {{title: string, unit: string, rows: {value: string, label: string, count: number}[], total: number, onPick?: (value: string) => void}} props */
export function Tally({ title, unit, rows, total, onPick }) {
  const shown = rows.slice(0, SHOWN);
  const most = rows[0]?.count ?? 1;
  return html`
    <table class="tally">
      <caption class="caption">
        ${title}
      </caption>
      <thead class="off-screen">
        <tr>
          <th scope="col">${title}</th>
          <th scope="col">Bar</th>
          <th scope="col">${unit}</th>
          <th scope="col">Share</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map(
          (row) => html`
            <tr key=${row.value}>
              <th scope="row">
                ${onPick ? html`<button class="link" title="Show these sets" onClick=${() => onPick(row.value)}>${row.label}</button>` : row.label}
              </th>
              <td class="bar">
                <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true"><rect width=${row.count / most} height="1" /></svg>
              </td>
              <td>${count(row.count)}</td>
              <td>${percent(total > 0 ? row.count / total : 0)}</td>
            </tr>
          `,
        )}
      </tbody>
    </table>
    ${rows.length > SHOWN && html`<p class="quiet">and ${count(rows.length - SHOWN)} more</p>`}
  `;
}
