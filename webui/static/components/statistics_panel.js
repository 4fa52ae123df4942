/** Statistics of the chosen session: totals, charts over time, counts of buttons and labels. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { curvesOf, highestOf, meanOf, outlineOf, partAt, setAt } from "../state/charts.js";
import { formatNumber, minutesTime, percent, playTime, rounded } from "../state/format.js";
import { FIELD_NAMES, FIELDS, nameOf } from "../state/labels.js";
import { framesPerSet } from "../state/selectors.js";

/** Most rows of a table of counts. */
const MAX_ROWS = 8;

export function StatisticsPanel({ state, session, dispatch }) {
  const { statistics, watched } = state;
  if (statistics === null || watched === null) return html`<section class="statistics" role="tabpanel" aria-label="Statistics"><p class="quiet">Counting…</p></section>`;
  const curves = curvesOf(statistics);
  const goTo = (part) => dispatch({ type: "select", set: setAt(statistics, part) });
  return html`
    <section class="statistics" role="tabpanel" aria-label="Statistics" tabindex="0">
      ${statistics.left > 0 && html`<p class="quiet" role="status">Frame sets not counted yet: ${formatNumber(statistics.left)}.</p>`}
      <${Totals} statistics=${statistics} />
      <div class="curves">
        ${curves.map(
          (curve) => html`
            <${TimeChart}
              key=${curve.name}
              curve=${curve}
              position=${state.selected === null ? -1 : partAt(statistics, state.selected)}
              onPick=${goTo}
            />
          `,
        )}
      </div>
      <${CurvesTable} statistics=${statistics} curves=${curves} frames=${framesPerSet(session)} />
      <${CountsTable}
        title="Buttons"
        unit="Frames"
        rows=${statistics.held.map(({ button, frames }) => ({ value: button, label: button, count: frames }))}
        total=${statistics.frames}
      />
      ${[...FIELDS, "tags"]
        .filter((field) => statistics.labels[field].length > 0)
        .map(
          (field) => html`
            <${CountsTable}
              key=${field}
              title=${FIELD_NAMES[field]}
              unit="Frame sets"
              rows=${statistics.labels[field].map(({ value, frame_sets: sets }) => ({ value, label: nameOf(watched, field, value), count: sets }))}
              total=${statistics.frame_sets}
              onPick=${(value) => dispatch({ type: "filterSets", field, value })}
            />
          `,
        )}
    </section>
  `;
}

function Totals({ statistics }) {
  const share = (part) => percent(statistics.frame_sets > 0 ? part / statistics.frame_sets : 0);
  const totals = [
    ["Frame sets", formatNumber(statistics.frame_sets)],
    ["Played", minutesTime(statistics.minutes)],
    ["No button held", percent(statistics.idle_share)],
    ["Labelled", share(statistics.labelled)],
    ["Complete", share(statistics.complete)],
    ["Flawed", formatNumber(statistics.flawed)],
  ];
  return html`
    <dl class="totals">
      ${totals.map(
        ([name, value]) => html`
          <div key=${name}>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>
        `,
      )}
    </dl>
  `;
}

const formatOf = ({ highest }) => (highest === 1 ? percent : rounded);

/**
 * A curve over the session as an area of steps, with the current set as a line; a click goes to the set under the pointer.
 * @param {{curve: {name: string, unit: string, values: (number | null)[], highest?: number}, position: number, onPick: (part: number) => void}} props
 */
function TimeChart({ curve, position, onPick }) {
  const { name, unit, values } = curve;
  const format = formatOf(curve);
  const length = Math.max(values.length, 1);
  const summary = `mean ${format(meanOf(values))}, max ${format(highestOf(values))} ${unit}`.trimEnd();
  const pick = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    onPick(Math.min(Math.floor(((event.clientX - box.left) / box.width) * length), length - 1));
  };
  return html`
    <figure class="time-chart">
      <figcaption><span>${name}</span> <span class="quiet">${summary}</span></figcaption>
      <svg viewBox="0 0 ${length} 1" preserveAspectRatio="none" role="img" aria-label="${name}: ${summary}" onClick=${pick}>
        <path class="area" d=${outlineOf(values, curve.highest ?? highestOf(values))} />
        ${position >= 0 && position <= length && html`<line class="current" x1=${position} x2=${position} y1="0" y2="1" />`}
      </svg>
    </figure>
  `;
}

/** The curves as numbers, for screen readers. */
function CurvesTable({ statistics, curves, frames }) {
  return html`
    <details class="curves-table">
      <summary>Show as a table</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">From</th>
            ${curves.map((curve) => html`<th scope="col" key=${curve.name}>${curve.name}${curve.unit && ` ${curve.unit}`}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${statistics.over_time.frame_sets.map(
            (_, part) => html`
              <tr key=${part}>
                <th scope="row">${playTime(setAt(statistics, part) * frames)}</th>
                ${curves.map((curve) => html`<td key=${curve.name}>${curve.values[part] === null ? "–" : formatOf(curve)(curve.values[part])}</td>`)}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </details>
  `;
}

/**
 * A table of values and how often each occurs, with a bar in each row; with `onPick` a value is a button.
 * @param {{title: string, unit: string, rows: {value: string, label: string, count: number}[], total: number, onPick?: (value: string) => void}} props
 */
function CountsTable({ title, unit, rows, total, onPick }) {
  const most = rows[0]?.count ?? 1;
  return html`
    <table class="counts">
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
        ${rows.slice(0, MAX_ROWS).map(
          (row) => html`
            <tr key=${row.value}>
              <th class="ellipsis" scope="row">
                ${onPick ? html`<button class="link ellipsis" title="Show these sets" onClick=${() => onPick(row.value)}>${row.label}</button>` : row.label}
              </th>
              <td>
                <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true"><rect width=${row.count / most} height="1" /></svg>
              </td>
              <td>${formatNumber(row.count)}</td>
              <td>${percent(total > 0 ? row.count / total : 0)}</td>
            </tr>
          `,
        )}
      </tbody>
    </table>
    ${rows.length > MAX_ROWS && html`<p class="quiet">and ${formatNumber(rows.length - MAX_ROWS)} more</p>`}
  `;
}
