/** Memory strip: the map in little under the picture, whatever the side panel shows. */
import { html, useLayoutEffect, useMemo, useRef } from "../../vendor/htm-preact/standalone.module.js";
import { formatNumber } from "../../state/format.js";
import { addressAt } from "../../state/memory/addresses.js";
import { stripColours, stripLayout, wordInStrip } from "../../state/memory/memory_map.js";
import { useSize } from "../hooks.js";

export function MemoryStrip({ session, frameSet, memory, dispatch }) {
  const [frame, size] = useSize();
  const canvas = useRef(null);
  const regions = session?.regions ?? [];
  const ratio = window.devicePixelRatio || 1;
  const layout = useMemo(() => stripLayout(regions, { width: size.width * ratio, height: size.height * ratio }), [regions, size.width, size.height, ratio]);

  useLayoutEffect(() => {
    if (memory === undefined || size.width === 0) return;
    const { columns, rows } = layout;
    canvas.current.width = columns;
    canvas.current.height = rows;
    const pixels = stripColours(layout, memory);
    canvas.current.getContext("2d").putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), columns, rows), 0, 0);
    canvas.current.dataset.set = memory.number;
  }, [layout, memory]);

  const changes = frameSet?.changes.length;
  const text = changes === undefined ? "" : `${formatNumber(changes)} ${changes === 1 ? "word" : "words"} changed`;
  const wordAt = (event) => {
    const box = canvas.current.getBoundingClientRect();
    const at = (share, count) => Math.min(Math.max(Math.floor(share * count), 0), count - 1);
    return wordInStrip(layout, at((event.clientX - box.left) / box.width, layout.columns), at((event.clientY - box.top) / box.height, layout.rows));
  };
  const open = (event) => {
    // A key press has no place.
    const word = event.target === canvas.current && event.detail > 0 ? wordAt(event) : null;
    if (word === null) dispatch({ type: "memoryView", view: "map" });
    else dispatch({ type: "address", address: addressAt(regions, 4 * word), view: "map" });
  };
  return html`
    <div class="memory-strip-room">
      <button class="memory-strip" title="All of the game's memory: a bright place has just changed. Click one to see it in the map." onClick=${open}>
        <span class="memory-strip-name">Memory</span>
        <span class="memory-strip-map" ref=${frame}>
          <canvas ref=${canvas} aria-hidden="true"></canvas>
          ${memory === undefined && html`<span class="memory-strip-wait">${regions.length === 0 ? "not recorded" : "being read"}</span>`}
        </span>
        <span class="memory-strip-changes">${text}</span>
      </button>
    </div>
  `;
}
