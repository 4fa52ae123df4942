/** Curve of a candidate's values over the session, as small as a word. */
import { html } from "../../vendor/htm-preact/standalone.module.js";
import { curvePath } from "../../state/memory/curves.js";

/** @param {{curve: {numbers: number[], values: (number | null)[]}, extent: [number, number], selected: number | null}} props */
export function Sparkline({ curve, extent, selected }) {
  const [first, last] = extent;
  const at = selected === null ? -1 : (selected - first) / Math.max(last - first, 1);
  return html`
    <svg class="sparkline" viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true">
      ${at >= 0 && at <= 1 && html`<line class="now" x1=${100 * at} x2=${100 * at} y1="0" y2="16" />`}
      <path d=${curvePath(curve, extent)} />
    </svg>
  `;
}
