/** A curve over the session: an area of steps, the place in sight as a line, a click goes there. The numbers stand in a table. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { highestOf, meanOf, outlineOf } from "../state/charts.js";

/** @param {{curve: {name: string, unit: string, values: (number | null)[], highest?: number}, place: number, say: (value: number) => string, onPick: (part: number) => void}} props */
export function TimeChart({ curve, place, say, onPick }) {
  const { name, unit, values } = curve;
  const highest = curve.highest ?? highestOf(values);
  const length = Math.max(values.length, 1);
  const summary = `${name}: ${say(meanOf(values))} ${unit} on average, ${say(highestOf(values))} at most`;
  const pick = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    onPick(Math.min(Math.floor(((event.clientX - box.left) / box.width) * length), length - 1));
  };
  return html`
    <figure class="time-chart">
      <figcaption><span>${name}</span> <span class="quiet">⌀ ${say(meanOf(values))}, up to ${say(highestOf(values))} ${unit}</span></figcaption>
      <svg viewBox="0 0 ${length} 1" preserveAspectRatio="none" role="img" aria-label=${summary} onClick=${pick}>
        <path class="area" d=${outlineOf(values, highest)} />
        ${place >= 0 && place <= length && html`<line class="here" x1=${place} x2=${place} y1="0" y2="1" />`}
      </svg>
    </figure>
  `;
}
