/** Overview bar of the whole session: missing and flawed sets, events, position. */
import { html, useLayoutEffect, useRef } from "../vendor/htm-preact/standalone.module.js";
import { gapsOf } from "../state/ranges.js";
import { eventTone } from "../state/selectors.js";
import { resizeCanvas, useSize } from "./hooks.js";

const HEIGHT = 16;

export function Overview({ axis, ranges, flawed, events, left, selected, theme, onScroll }) {
  const [frame, size] = useSize();
  const canvas = useRef(null);

  useLayoutEffect(() => {
    const context = resizeCanvas(canvas.current, size.width, HEIGHT);
    if (ranges.length > 0) draw(context, { axis, ranges, flawed, events, left, selected, width: size.width });
  }, [axis.first, axis.last, axis.step, axis.width, flawed, events, left, selected, theme, size.width]);

  const jump = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    onScroll(((event.clientX - box.left) / box.width) * axis.total - axis.width / 2);
  };
  return html`
    <div
      class="overview"
      ref=${frame}
      aria-hidden="true"
      onPointerDown=${(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        jump(event);
      }}
      onPointerMove=${(event) => event.currentTarget.hasPointerCapture(event.pointerId) && jump(event)}
    >
      <canvas ref=${canvas}></canvas>
    </div>
  `;
}

function draw(context, { axis, ranges, flawed, events, left, selected, width }) {
  const style = getComputedStyle(context.canvas);
  const colour = (name) => style.getPropertyValue(name).trim();
  const sets = axis.last - axis.first + 1;
  const x = (number) => ((number - axis.first) / sets) * width;
  const bar = (from, to, top, height) => context.fillRect(from, top, Math.max(to - from, 1), height);

  context.fillStyle = colour("--film");
  bar(0, width, 6, 4);
  context.fillStyle = colour("--loss");
  for (const [first, last] of gapsOf(ranges)) bar(x(first), x(last + 1), 6, 4);
  for (const [first, last] of flawed) bar(x(first), x(last + 1), 11, 2);
  for (const event of events) {
    context.fillStyle = colour(`--${eventTone(event.name)}`);
    bar(x(event.frame_set_id), x(event.frame_set_id) + 2, 2, 12);
  }
  const share = Math.min(axis.width / axis.total, 1);
  const from = (left / axis.total) * width;
  context.fillStyle = colour("--window");
  context.fillRect(from, 1, Math.max(share * width, 6), HEIGHT - 2);
  if (selected !== null) {
    context.fillStyle = colour("--accent");
    bar(x(selected), x(selected) + 2, 0, HEIGHT);
  }
}
