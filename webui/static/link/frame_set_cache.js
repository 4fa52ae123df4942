/**
 * Pictures and memory changes of the frame sets seen last: what came live, and what was fetched from the session folders.
 * Bounded: the ones not looked at for longest go first.
 */
import { fromBlock, fromRows } from "../state/changes.js";

const CAPACITY = 240;

/**
 * @typedef {{
 *   id: number, frames: number[], timestamp: number, pc: string, keys: string, whole: boolean, flaws: string[],
 *   changes: import("../state/changes.js").Changes, picture: Blob | null,
 * }} FrameSet
 */

/** Keeps frame sets. `onLoaded` is called when one that was asked for has come. */
export class FrameSets {
  #held = new Map();
  #asked = new Map();
  #onLoaded;

  constructor(onLoaded) {
    this.#onLoaded = onLoaded;
  }

  /** @returns {FrameSet | undefined} */
  get(session, set) {
    const key = `${session}/${set}`;
    const held = this.#held.get(key);
    if (held !== undefined) {
      this.#held.delete(key);
      this.#held.set(key, held);
    }
    return held;
  }

  /** Take a preview as it comes from the page server. */
  takePreview({ session, frame_set: summary, scans, columns, png }) {
    this.#put(session, {
      ...factsOf(summary, summary.frames),
      changes: fromBlock(scans, columns),
      picture: png.byteLength ? new Blob([png], { type: "image/png" }) : null,
    });
  }

  /** Have a frame set fetched if it is not here; of several wishes only the last one matters, and a failed one is not repeated. */
  want(session, set) {
    const key = `${session}/${set}`;
    if (this.#held.has(key) || this.#asked.has(key)) return;
    for (const other of this.#asked.values()) other.abort();
    this.#asked.clear();
    const abort = new AbortController();
    this.#asked.set(key, abort);
    this.#fetch(session, set, abort.signal)
      .then((frameSet) => {
        this.#asked.delete(key);
        this.#put(session, frameSet);
        this.#onLoaded(null);
      })
      .catch((error) => {
        if (error.name !== "AbortError") this.#onLoaded(error.message);
      });
  }

  async #fetch(session, set, signal) {
    const answer = await fetch(`/api/sessions/${encodeURIComponent(session)}/frame_sets/${set}`, { signal });
    const event = await answer.json().catch((error) => {
      if (error.name === "AbortError") throw error;
      return { error: `Frame set ${set} could not be fetched.` };
    });
    if (event.error !== undefined) throw new Error(event.error);
    const picture = event.screenshot ? await fetch(pictureUrl(session, set), { signal }) : null;
    // The number that was asked for, whatever the file says of itself: else it would be asked for again and again.
    return {
      ...factsOf({ ...event, frame_set_id: set }, event.frames_in_set),
      changes: fromRows(event.memory_changes),
      picture: picture?.ok ? await picture.blob() : null,
    };
  }

  #put(session, frameSet) {
    this.#held.set(`${session}/${frameSet.id}`, frameSet);
    if (this.#held.size > CAPACITY) this.#held.delete(this.#held.keys().next().value);
  }
}

/** Where a frame set's picture can be had for good. */
export const pictureUrl = (session, set) => `/sessions/${encodeURIComponent(session)}/${set}.png`;

const factsOf = (document, frames) => ({
  id: document.frame_set_id,
  frames,
  timestamp: document.timestamp,
  pc: document.pc,
  keys: document.current_keys.join(" | "),
  whole: document.whole ?? true,
  flaws: document.flaws ?? [],
});
