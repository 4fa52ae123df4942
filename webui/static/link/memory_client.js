/**
 * Client of the memory routes: memory after a frame set, and answers to questions such as values over time.
 *
 * Scrubbing asks for more than can be answered: one image is under way at a time, and after it comes the one that is wanted then.
 * While the page follows live, memory is carried on with the changes of the previews, and fetched anew every few seconds.
 */
import { sizeOf } from "../state/memory/addresses.js";
import { memoryFrom, withChanges } from "../state/memory/memory_image.js";

/** Images that are kept; one of the GBA takes 0.7 MB. */
const CAPACITY = 24;
/** Sets by which an image is carried on with previews at most. */
const MAX_DERIVED = 48;
/** Interval in ms in which memory is fetched while the page follows live. */
const LIVE_MS = 2000;
/** Time in ms after which something that could not be fetched is asked for again. */
const RETRY_MS = 3000;
/** Answers about values that are kept. */
const MAX_ANSWERS = 200;

/** @typedef {import("../state/memory/addresses.js").Region[]} Regions */

export class MemoryClient {
  #frameSets;
  #onLoaded;
  #images = new Map();
  #answers = new Map();
  #wanted = null;
  #underWay = null;
  #failed = null;
  #fetchedAt = 0;

  /**
   * @param {import("./frame_set_cache.js").FrameSetCache} frameSets
   * @param {(problem: string | null) => void} onLoaded called when something that was asked for has come, or could not be fetched
   */
  constructor(frameSets, onLoaded) {
    this.#frameSets = frameSets;
    this.#onLoaded = onLoaded;
  }

  /** Memory after a set, as fetched or carried on; undefined where it is not here yet. @param {Regions} regions */
  get(session, set, regions) {
    return this.#images.get(keyOf(session, set)) ?? this.#carriedOn(session, set, regions);
  }

  /** Of the images of a session that are here, the one nearest to a set; undefined where there is none. */
  nearest(session, set) {
    const images = [...this.#images].filter(([key, { number }]) => key === keyOf(session, number)).map(([, image]) => image);
    return images.sort((one, other) => Math.abs(one.number - set) - Math.abs(other.number - set))[0];
  }

  /** Ask for the memory after a set. @param {boolean} live the page follows a session that is being recorded, or plays one */
  request(session, set, regions, live) {
    const key = keyOf(session, set);
    if (sizeOf(regions) === 0 || this.#underWay === key || this.#failed === key) return;
    const image = this.get(session, set, regions);
    if (image !== undefined && (!image.derived || (live && performance.now() - this.#fetchedAt < LIVE_MS))) return;
    if (this.#underWay !== null) this.#wanted = { session, set, regions, live };
    else this.#fetch(key, session, set, regions);
  }

  /**
   * The answer to a question about a session's memory, as fetched last; undefined where it is not here yet.
   * @param {string} path with its query, such as `values?address=50331648&type=u8`
   */
  answer(session, path) {
    return this.#answers.get(keyOf(session, path))?.answer;
  }

  /** Ask a question. @param {number} age of an answer in ms from which on it is asked for again */
  ask(session, path, age = Infinity) {
    const key = keyOf(session, path);
    const entry = this.#answers.get(key) ?? { answer: undefined, askedAt: null, failed: false };
    const now = performance.now();
    if (entry.askedAt !== null && now - entry.askedAt <= (entry.failed ? RETRY_MS : age)) return;
    entry.askedAt = now;
    entry.failed = false;
    this.#answers.delete(key);
    this.#answers.set(key, entry);
    if (this.#answers.size > MAX_ANSWERS) this.#answers.delete(this.#answers.keys().next().value);
    fetchJson(`${memoryUrl(session)}/${path}`).then(
      (answer) => {
        entry.answer = answer;
        this.#onLoaded(null);
      },
      (error) => {
        entry.failed = true;
        this.#onLoaded(error.message);
      },
    );
  }

  /** Carry the newest image before a set on to it, where all the frame sets between are here and whole. */
  #carriedOn(session, set, regions) {
    let from = set - 1;
    while (from >= set - MAX_DERIVED && !this.#images.has(keyOf(session, from))) from -= 1;
    let image = this.#images.get(keyOf(session, from));
    for (let number = from + 1; image !== undefined && number <= set; number += 1) {
      const frameSet = this.#frameSets.get(session, number);
      if (!frameSet?.whole) return undefined;
      image = withChanges(image, number, frameSet.changes, regions);
      this.#keep(session, image);
    }
    return image;
  }

  #keep(session, image) {
    const key = keyOf(session, image.number);
    this.#images.delete(key);
    this.#images.set(key, image);
    if (this.#images.size > CAPACITY) this.#images.delete(this.#images.keys().next().value);
  }

  #fetch(key, session, set, regions) {
    this.#underWay = key;
    fetchMemory(session, set, sizeOf(regions))
      .then(
        (image) => {
          this.#fetchedAt = performance.now();
          for (const [other, { derived }] of this.#images) if (derived) this.#images.delete(other);
          this.#keep(session, image);
          this.#onLoaded(null);
        },
        (error) => {
          this.#failed = key;
          setTimeout(() => {
            this.#failed = null;
            this.#onLoaded(error.message);
          }, RETRY_MS);
          this.#onLoaded(error.message);
        },
      )
      .finally(() => {
        this.#underWay = null;
        const wanted = this.#wanted;
        this.#wanted = null;
        // What has just come may be carried on to it.
        if (wanted !== null) this.request(wanted.session, wanted.set, wanted.regions, wanted.live);
      });
  }
}

const keyOf = (session, what) => `${session}/${what}`;

/** Base URL of a session's memory routes. */
export const memoryUrl = (session) => `/api/sessions/${encodeURIComponent(session)}/memory`;

/** Fetch JSON. An answer that is an error is thrown with its sentence and its `status`, undefined where there was no answer. */
export async function fetchJson(url, options = {}) {
  const response = await fetch(url, options).catch(() => null);
  const answer = await response?.json().catch(() => null);
  if (!response?.ok || answer === null) {
    throw Object.assign(new Error(answer?.error ?? "The page server does not answer. Is it running?"), { status: response?.status });
  }
  return answer;
}

async function fetchMemory(session, set, size) {
  const url = `${memoryUrl(session)}/image?at=${set}`;
  const response = await fetch(url).catch(() => null);
  if (!response?.ok) {
    const answer = await response?.json().catch(() => null);
    throw new Error(answer?.error ?? `The memory after frame set ${set} could not be fetched.`);
  }
  return memoryFrom(await response.arrayBuffer(), set, size);
}
