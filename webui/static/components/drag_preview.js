/** Picture of the frame set under the end that is dragged, above the lanes. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { screenshotUrl } from "../link/frame_set_cache.js";
import { CONSOLE } from "../state/console.js";
import { formatNumber, playTime } from "../state/format.js";
import { framesPerSet } from "../state/selectors.js";

/** Distance in px from the lanes, and from the window's edge. */
const MARGIN = 8;

/** @param {{session: object, set: number, x: number, lanes: DOMRect}} props `x`: in px from the left edge of the lanes */
export function DragPreview({ session, set, x, lanes }) {
  const left = Math.min(Math.max(lanes.left + x - CONSOLE.width / 2, MARGIN), window.innerWidth - CONSOLE.width - MARGIN);
  return html`
    <figure class="drag-preview" style=${{ left: `${left}px`, bottom: `${window.innerHeight - lanes.top + MARGIN}px` }}>
      <img data-set=${set} src=${screenshotUrl(session.session_id, set)} alt="" width=${CONSOLE.width} height=${CONSOLE.height} />
      <figcaption><b>${formatNumber(set)}</b> ${playTime(set * framesPerSet(session))}</figcaption>
    </figure>
  `;
}
