/** Screen: the picture of the current frame set, or why there is none. */
import { html, useLayoutEffect, useRef } from "../vendor/htm-preact/standalone.module.js";
import { CONSOLE } from "../state/console.js";
import { formatNumber } from "../state/format.js";
import { pictureFactor } from "../state/layout.js";
import { isPictureMissing } from "../state/selectors.js";
import { useSize } from "./hooks.js";

const { width: WIDTH, height: HEIGHT } = CONSOLE;

/** The screenshot at a whole number of device pixels for each of the game's, drawn over the one before, so that it never blinks. @param {() => void} [onDrawn] called after each */
export function Screen({ frameSet, state, onDrawn }) {
  const [frame, size] = useSize();
  const canvas = useRef(null);
  const order = useRef({ begun: 0, drawn: 0 });
  const scale = pictureFactor(size, window.devicePixelRatio || 1);
  const screenshot = frameSet?.screenshot ?? null;

  useLayoutEffect(() => {
    if (screenshot === null) return;
    // Pictures are decoded slower than they can follow each other: the newest that is ready is drawn.
    const mine = (order.current.begun += 1);
    createImageBitmap(screenshot, { colorSpaceConversion: "none" }).then((bitmap) => {
      const target = canvas.current;
      if (mine > order.current.drawn && target !== null) {
        order.current.drawn = mine;
        if (target.width !== bitmap.width) target.width = bitmap.width;
        if (target.height !== bitmap.height) target.height = bitmap.height;
        target.getContext("2d").drawImage(bitmap, 0, 0);
        target.dataset.set = frameSet.id;
        onDrawn?.();
      }
      bitmap.close();
    });
  }, [screenshot]);

  return html`
    <div class="screen" ref=${frame}>
      <div class="screen-bezel" style=${{ width: `${WIDTH * scale}px`, height: `${HEIGHT * scale}px` }}>
        <canvas
          ref=${canvas}
          width=${WIDTH}
          height=${HEIGHT}
          role="img"
          aria-label=${frameSet === undefined ? "No frame set" : `Screenshot of frame set ${formatNumber(frameSet.id)}`}
        ></canvas>
        ${frameSet !== undefined && screenshot === null && html`<p class="no-screenshot">Frame set ${formatNumber(frameSet.id)} has no screenshot.</p>`}
        ${frameSet === undefined && html`<p class="no-screenshot">${reasonOfNoPicture(state)}</p>`}
      </div>
    </div>
  `;
}

function reasonOfNoPicture(state) {
  if (state.selected === null) return "No frame sets yet.";
  if (!isPictureMissing(state)) return "";
  const set = `Frame set ${formatNumber(state.selected)}`;
  return state.missing.problem ? `${set} is not loaded.` : `${set} is being loaded.`;
}
