/** What the session is made of: sums, how it went, buttons, labels. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { count, minutesTime, percent, playTime, rounded } from "../state/format.js";
import { FIELD_NAMES, FIELDS, nameOf } from "../state/labels.js";
import { curvesOf, partAt, setAt } from "../state/charts.js";
import { Tally } from "./tally.js";
import { TimeChart } from "./time_chart.js";

export function Statistics({ state, session, dispatch }) {
  const { statistics, watched } = state;
  if (statistics === null || watched === null) return html`<section class="statistics" aria-label="Statistics"><p class="quiet">Counting</p></section>`;
  const curves = curvesOf(statistics);
  const go = (part) => dispatch({ type: "select", set: setAt(statistics, part) });
  return html`
    <section class="statistics" aria-label="Statistics" tabindex="0">
      ${statistics.left > 0 && html`<p class="quiet" role="status">Frame sets still to be counted: ${count(statistics.left)}.</p>`}
      <${Sums} statistics=${statistics} />
      <div class="curves">
        ${curves.map(
          (curve) => html`
            <${TimeChart}
              key=${curve.name}
              curve=${curve}
              place=${state.selected === null ? -1 : partAt(statistics, state.selected)}
              say=${sayer(curve)}
              onPick=${go}
            />
          `,
        )}
      </div>
      <${Numbers} statistics=${statistics} curves=${curves} framesPerSet=${session?.frames_per_set ?? 5} />
      <${Tally}
        title="Buttons"
        unit="Frames"
        rows=${statistics.held.map(({ button, frames }) => ({ value: button, label: button, count: frames }))}
        total=${statistics.frames}
      />
      ${[...FIELDS, "tags"]
        .filter((field) => statistics.labels[field].length > 0)
        .map(
          (field) => html`
            <${Tally}
              key=${field}
              title=${FIELD_NAMES[field]}
              unit="Frame sets"
              rows=${statistics.labels[field].map(({ value, frame_sets: sets }) => ({ value, label: nameOf(watched, field, value), count: sets }))}
              total=${statistics.frame_sets}
              onPick=${(value) => dispatch({ type: "find", field, value })}
            />
          `,
        )}
    </section>
  `;
}

const sayer = ({ highest }) => (highest === 1 ? percent : rounded);

function Sums({ statistics }) {
  const share = (part) => (statistics.frame_sets > 0 ? percent(part / statistics.frame_sets) : percent(0));
  return html`
    <dl class="sums">
      <${Sum} name="Frame sets" value=${count(statistics.frame_sets)} />
      <${Sum} name="Played" value=${minutesTime(statistics.minutes)} />
      <${Sum} name="No button" value=${percent(statistics.idle_share)} />
      <${Sum} name="Labelled" value=${share(statistics.labelled)} />
      <${Sum} name="Complete" value=${share(statistics.complete)} />
      <${Sum} name="Flawed" value=${count(statistics.flawed)} />
    </dl>
  `;
}

const Sum = ({ name, value }) => html`
  <div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>
`;

/** The curves as numbers, for whoever does not see them. */
function Numbers({ statistics, curves, framesPerSet }) {
  return html`
    <details class="numbers">
      <summary>The same as a table</summary>
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
                <th scope="row">${playTime(setAt(statistics, part) * framesPerSet)}</th>
                ${curves.map((curve) => html`<td key=${curve.name}>${curve.values[part] === null ? "–" : sayer(curve)(curve.values[part])}</td>`)}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </details>
  `;
}
