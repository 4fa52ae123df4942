/** The picture: whole device pixels for each of the game's, never blurred, and drawn over, so that it never blinks. */
import { html, useLayoutEffect, useRef } from "../vendor/htm-preact/standalone.module.js";
import { CONSOLE } from "../state/console.js";
import { count } from "../state/format.js";
import { useSize } from "./hooks.js";

const { width: WIDTH, height: HEIGHT } = CONSOLE;

export function Screen({ shown, selected }) {
  const [frame, size] = useSize();
  const canvas = useRef(null);
  const ratio = window.devicePixelRatio || 1;
  const scale = Math.max(1, Math.floor(Math.min(size.width / WIDTH, size.height / HEIGHT) * ratio)) / ratio;
  const picture = shown?.picture ?? null;

  useLayoutEffect(() => {
    if (picture === null) return undefined;
    let current = true;
    createImageBitmap(picture, { colorSpaceConversion: "none" }).then((bitmap) => {
      const target = canvas.current;
      if (current && target !== null) {
        if (target.width !== bitmap.width) target.width = bitmap.width;
        if (target.height !== bitmap.height) target.height = bitmap.height;
        target.getContext("2d").drawImage(bitmap, 0, 0);
        target.dataset.set = shown.id;
      }
      bitmap.close();
    });
    return () => {
      current = false;
    };
  }, [picture]);

  return html`
    <div class="screen" ref=${frame}>
      <div class="screen-bezel" style=${{ width: `${WIDTH * scale}px`, height: `${HEIGHT * scale}px` }}>
        <canvas
          ref=${canvas}
          width=${WIDTH}
          height=${HEIGHT}
          role="img"
          aria-label=${shown === undefined ? "No frame set selected" : `Screenshot of frame set ${count(shown.id)}`}
        ></canvas>
        ${shown !== undefined && picture === null && html`<p class="no-picture">Frame set ${count(shown.id)} has no screenshot.</p>`}
        ${shown === undefined && html`<p class="no-picture">${selected === null ? "No frame sets yet." : ""}</p>`}
      </div>
    </div>
  `;
}
