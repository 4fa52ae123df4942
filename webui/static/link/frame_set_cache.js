/** LRU cache of frame sets with screenshot and memory changes: live previews, or fetched by HTTP. */
import { fromBlock, fromRows } from "../state/changes.js";

const CAPACITY = 240;

/** Time in ms after which a frame set that has not come counts as missing: until then the picture before it stays in sight. */
const LATE_MS = 300;

/** Time in ms after which a request that failed is repeated where the frame set is still wanted. */
const REPEATED_MS = 5000;

/**
 * @typedef {{
 *   id: number, frames: number[], timestamp: number, pc: string, keys: string, whole: boolean, flaws: string[],
 *   changes: import("../state/changes.js").Changes, screenshot: Blob | null,
 * }} FrameSet
 */

export class FrameSetCache {
  #cached = new Map();
  #requested = new Map();
  #failed = new Set();
  #wanted = "";
  #onLoaded;
  #onMissing;

  /**
   * @param {() => void} onLoaded called when a requested set has come
   * @param {(session: string, set: number, problem: string) => void} onMissing called when one is late, or could not be fetched and why
   */
  constructor(onLoaded, onMissing) {
    this.#onLoaded = onLoaded;
    this.#onMissing = onMissing;
  }

  /** @returns {FrameSet | undefined} */
  get(session, set) {
    const key = `${session}/${set}`;
    const frameSet = this.#cached.get(key);
    if (frameSet !== undefined) {
      this.#cached.delete(key);
      this.#cached.set(key, frameSet);
    }
    return frameSet;
  }

  /** Add a preview as the page server sends it. */
  addPreview({ session, frame_set: summary, scans, columns, png }) {
    this.#put(session, {
      ...summaryOf(summary, summary.frames),
      changes: fromBlock(scans, columns),
      screenshot: png.byteLength ? new Blob([png], { type: "image/png" }) : null,
    });
  }

  /** Fetch a frame set that is not cached. A later request aborts an earlier one; a failed one is repeated after a while. */
  request(session, set) {
    const key = `${session}/${set}`;
    this.#wanted = key;
    if (this.#cached.has(key) || this.#requested.has(key) || this.#failed.has(key)) return;
    for (const other of this.#requested.values()) other.abort();
    this.#requested.clear();
    const abort = new AbortController();
    this.#requested.set(key, abort);
    const late = setTimeout(() => this.#onMissing(session, set, ""), LATE_MS);
    abort.signal.addEventListener("abort", () => clearTimeout(late));
    this.#fetch(session, set, abort.signal)
      .then((frameSet) => {
        this.#requested.delete(key);
        this.#put(session, frameSet);
        this.#onLoaded();
      })
      .catch((error) => {
        if (error.name === "AbortError") return;
        this.#requested.delete(key);
        this.#failed.add(key);
        this.#onMissing(session, set, error.message);
        setTimeout(() => {
          this.#failed.delete(key);
          if (this.#wanted === key) this.request(session, set);
        }, REPEATED_MS);
      })
      .finally(() => clearTimeout(late));
  }

  /** Fetch a frame set before it is the current one: once that is over, it is here, or could not be fetched. @param {AbortSignal} signal */
  async fetchAhead(session, set, signal) {
    if (this.#cached.has(`${session}/${set}`)) return;
    // Why it could not be fetched is said once it is the current one.
    const frameSet = await this.#fetch(session, set, signal).catch(() => null);
    if (frameSet !== null) this.#put(session, frameSet);
  }

  /** Let requests that failed be repeated at once: the page server is back. */
  forgetFailures() {
    this.#failed.clear();
  }

  async #fetch(session, set, signal) {
    // A browser's own words, such as “Failed to fetch”, tell a user nothing.
    const inPlainWords = (error) => {
      throw error.name === "AbortError" ? error : new Error(`Frame set ${set} could not be fetched.`);
    };
    const response = await fetch(`/api/sessions/${encodeURIComponent(session)}/frame_sets/${set}`, { signal }).catch(inPlainWords);
    const event = await response.json().catch(inPlainWords);
    if (event.error !== undefined) throw new Error(event.error);
    const screenshot = event.screenshot ? await fetch(screenshotUrl(session, set), { signal }).catch(inPlainWords) : null;
    // The requested number, not the one in the file: where they differ it would be requested again and again.
    return {
      ...summaryOf({ ...event, frame_set_id: set }, event.frames_in_set),
      changes: fromRows(event.memory_changes),
      screenshot: screenshot?.ok ? await screenshot.blob() : null,
    };
  }

  #put(session, frameSet) {
    this.#cached.set(`${session}/${frameSet.id}`, frameSet);
    if (this.#cached.size > CAPACITY) this.#cached.delete(this.#cached.keys().next().value);
  }
}

/** Permanent URL of a frame set's screenshot. */
export const screenshotUrl = (session, set) => `/sessions/${encodeURIComponent(session)}/${set}.png`;

/** Permanent URL of a frame set's picture in small. */
export const thumbnailUrl = (session, set) => `/api/sessions/${encodeURIComponent(session)}/frame_sets/${set}/thumbnail`;

const summaryOf = (document, frames) => ({
  id: document.frame_set_id,
  frames,
  timestamp: document.timestamp,
  pc: document.pc,
  keys: document.current_keys.join(" | "),
  whole: document.whole ?? true,
  flaws: document.flaws ?? [],
});
