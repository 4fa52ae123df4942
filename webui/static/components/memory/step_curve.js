/** Step curve of a value over the visible part of the film strip, drawn by uPlot. */
import uPlot from "../../vendor/uplot/uPlot.esm.js";
import { html, useLayoutEffect, useRef } from "../../vendor/htm-preact/standalone.module.js";
import { nearStep, curveOf } from "../../state/memory/steps.js";
import { useSize } from "../hooks.js";

/** Width in px of the numbers left of the curve. */
const AXIS = 44;
/** Distance in px within which a click means the step. */
const NEAR = 8;

/**
 * @param {{steps: import("../../state/memory/steps.js").Steps, extent: {first: number, last: number}, selected: number | null,
 *   theme: string, label: string, hasAxis?: boolean, end?: number, onSelect: (set: number) => void}} props
 * `hasAxis`: numbers stand left of the curve; `end`: where the recording ends
 */
export function StepCurve({ steps, extent, end = extent.last + 1, selected, theme, label, hasAxis = true, onSelect }) {
  const [frame, size] = useSize();
  const plot = useRef(null);
  const shown = useRef(null);
  shown.current = { steps, selected, onSelect };

  useLayoutEffect(() => {
    if (size.width === 0) return undefined;
    plot.current = new uPlot(optionsOf(frame.current, size, shown, hasAxis), [[], []], frame.current);
    return () => {
      plot.current.destroy();
      plot.current = null;
    };
  }, [size.width, size.height, theme]);

  // Before the paint, so that the curve moves with the film strip.
  useLayoutEffect(() => {
    if (plot.current === null) return;
    plot.current.batch(() => {
      plot.current.setData(curveOf(steps, extent.first, Math.min(extent.last + 1, end)), false);
      plot.current.setScale("x", { min: extent.first, max: extent.last + 1 });
    });
  }, [steps, extent.first, extent.last, end, selected, size.width, size.height, theme]);

  return html`<div class="step-curve" ref=${frame} role="img" aria-label=${label}></div>`;
}

function optionsOf(element, { width, height }, shown, hasAxis) {
  const style = getComputedStyle(element);
  const colour = (name) => style.getPropertyValue(name).trim();
  const select = (plot, event) => {
    const number = plot.posToVal(event.clientX - plot.over.getBoundingClientRect().left, "x");
    const setsPerPixel = (plot.scales.x.max - plot.scales.x.min) / plot.over.clientWidth;
    shown.current.onSelect(nearStep(shown.current.steps, number, NEAR * setsPerPixel));
  };
  return {
    width,
    height,
    padding: [5, 0, 5, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: { x: { time: false }, y: { range: rangeOf } },
    axes: [
      { show: false },
      {
        show: hasAxis,
        size: AXIS,
        gap: 2,
        stroke: colour("--dim"),
        font: `12px ${colour("--font")}`,
        grid: { stroke: colour("--line"), width: 1 },
        ticks: { show: false },
        splits: (plot) => [...new Set([plot.series[1].min, plot.series[1].max])].filter(Number.isFinite),
        values: (_, splits) => splits.map(String),
      },
    ],
    series: [{}, { stroke: colour("--accent"), width: 1.5, paths: uPlot.paths.stepped({ align: 1 }), points: { show: false } }],
    hooks: {
      ready: [(plot) => plot.over.addEventListener("click", (event) => select(plot, event))],
      draw: [(plot) => drawPlayhead(plot, shown.current.selected, colour("--text"))],
    },
  };
}

/** The lowest and highest value in sight, with room where they are the same. */
const rangeOf = (_, min, max) => (min === null ? [0, 1] : min === max ? [min - 1, max + 1] : [min, max]);

function drawPlayhead(plot, selected, colour) {
  if (selected === null || selected < plot.scales.x.min || selected > plot.scales.x.max) return;
  const x = Math.round(plot.valToPos(selected, "x", true));
  plot.ctx.fillStyle = colour;
  plot.ctx.fillRect(x, plot.bbox.top, Math.max(window.devicePixelRatio, 1), plot.bbox.height);
}
