/**
 * Layout of the page: the picture at the largest whole factor that leaves room for labels, memory and timeline. Pure.
 *
 * Lengths are CSS pixels. The media queries of `style/` have the same limits.
 */
import { CONSOLE } from "./console.js";

/** Width below which everything stands in one column, and the page scrolls. */
const ONE_COLUMN = 840;
/** Width from which on labels and memory stand next to each other. */
const TWO_PANELS = 1280;
/** Height below which the timeline is under the fold, and the page scrolls to it. */
const SHORT = 640;

const HEADER = 48;
/** Width of the side panel at least: with one panel, and with two. */
const PANEL = 400;
const PANELS = 760;
/** Margins, and the height of transport buttons and memory strip at least. */
const MARGIN = 12;
const CONTROLS = 102;
/** Height of the timeline with all its lanes, and of a lane of a watched value. */
const WHOLE_TIMELINE = 278;
export const WATCH_LANE = 34;
/** Height of the timeline at least; in a short window as much as shows that there is one. */
const TIMELINE = 244;
const TIMELINE_EDGE = 40;

/** Parts of a pixel that a browser rounds lengths to. */
const ROUNDING = 1 / 32;

/** Media query of the windows in which labels and memory stand next to each other. */
export const WIDE = `(min-width: ${TWO_PANELS}px)`;

/** Media query of the windows with one column. */
export const NARROW = `(max-width: ${ONE_COLUMN - 1}px)`;

/**
 * The largest factor at which the picture fits a box: a whole number of device pixels for each of the game's, at least one.
 * @param {{width: number, height: number}} box @param {number} ratio device pixels to a CSS pixel
 */
export const pictureFactor = ({ width, height }, ratio) =>
  Math.max(1, Math.floor(Math.min((width + ROUNDING) / CONSOLE.width, (height + ROUNDING) / CONSOLE.height) * ratio)) / ratio;

/**
 * @param {{width: number, height: number, ratio: number}} window
 * @returns {{factor: number, frame: number, timeline: number | null, watchLanes: number}} factor of the picture, width of its column,
 *   the height that the timeline may have, null where the page scrolls, and the lanes of watched values for which that is enough
 */
export function layoutOf({ width, height, ratio }) {
  const rows = height - HEADER;
  if (width < ONE_COLUMN) {
    const factor = pictureFactor({ width: width - 2 * MARGIN, height: 0.6 * height }, ratio);
    return { factor, frame: width, timeline: null, watchLanes: 0 };
  }
  const isShort = height < SHORT;
  const beside = width < TWO_PANELS ? PANEL : PANELS;
  const below = CONTROLS + (isShort ? TIMELINE_EDGE : TIMELINE);
  const factor = pictureFactor({ width: width - beside - 2 * MARGIN, height: rows - below }, ratio);
  const timeline = isShort ? null : Math.max(rows - CONSOLE.height * factor - CONTROLS, TIMELINE);
  const watchLanes = timeline === null ? 0 : Math.max(Math.floor((timeline - WHOLE_TIMELINE) / (WATCH_LANE + 1)), 0);
  return { factor, frame: CONSOLE.width * factor + 2 * MARGIN, timeline, watchLanes };
}
