/** Formatting of numbers and times. */
import { CONSOLE } from "./console.js";

const two = (number) => String(number).padStart(2, "0");

/** 12345 → 12,345 */
export const formatNumber = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

/** 1 set, 1,200 sets */
export const countedSets = (number) => (number === 1 ? "1 set" : `${formatNumber(number)} sets`);

/** 12:03 */
export function clock(ms) {
  const time = new Date(ms);
  return `${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** 12:03:22 */
export const clockSeconds = (ms) => `${clock(ms)}:${two(new Date(ms).getSeconds())}`;

/** 12:03:22.250 */
export const clockMillis = (ms) => `${clockSeconds(ms)}.${String(new Date(ms).getMilliseconds()).padStart(3, "0")}`;

const DAY = { day: "numeric", month: "short" };
/** Made once: to make one takes longer than all else that a list of sessions does. */
const DAYS = { ofThisYear: new Intl.DateTimeFormat("en-GB", DAY), ofAnother: new Intl.DateTimeFormat("en-GB", { ...DAY, year: "numeric" }) };

/** 22 Nov, with the year where it is not this one */
export function day(ms, now = Date.now()) {
  const date = new Date(ms);
  const isThisYear = date.getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? DAYS.ofThisYear : DAYS.ofAnother).format(date);
}

/** Play time of a number of frames: 1:23 or 1:02:03 */
export function playTime(frames) {
  const seconds = Math.floor(frames / CONSOLE.frames_per_second);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** Duration of a strip cell: 83 ms, 1 s, 5 s, 2.5 min */
export function cellTime(frames) {
  const seconds = frames / CONSOLE.frames_per_second;
  if (seconds < 0.95) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59) return `${Math.round(seconds)} s`;
  return `${Math.round((seconds / 60) * 2) / 2} min`;
}

/** 12, 9.5 */
export const rate = (perSecond) => String(perSecond >= 10 ? Math.round(perSecond) : Math.round(perSecond * 2) / 2);

/** savestate_loaded → savestate loaded */
export const words = (name) => name.replaceAll("_", " ");

/** 0.123 → 12.3 % */
export const percent = (share) => `${share === 0 || share === 1 ? 100 * share : (100 * share).toFixed(1)} %`;

/** Minutes as play time: 1.5 → 1:30 */
export const minutesTime = (minutes) => playTime(minutes * 60 * CONSOLE.frames_per_second);

/** Three significant digits, or all digits of a large number: 86.6, 1,702 */
export const rounded = (number) => (number >= 100 ? formatNumber(Math.round(number)) : String(Number(number.toPrecision(number < 1 ? 2 : 3))));
