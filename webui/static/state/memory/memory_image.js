/**
 * Memory after a frame set: content, known bytes, and when each word changed last. Pure.
 *
 * @typedef {{
 *   number: number, bytes: Uint8Array, known: Uint8Array, changedAt: Int32Array, derived: boolean,
 * }} MemoryImage
 * `number`: of the frame set; `bytes`: all regions one after the other; `known`: a 0 or 1 for each byte; `changedAt`: for each word
 * the set that changed it last, or NEVER; `derived`: made here from an earlier one and the changes since, and not by the daemon.
 */
import { WORD_BYTES } from "../changes.js";
import { positionOf, wordAt } from "./addresses.js";
import { bytesOf, readValue } from "./value_types.js";

/** No change in the last 254 sets. */
export const NEVER = -1_000_000_000;
const LONG_AGO = 255;

/**
 * Read the memory that the page server sends: the image, a bit for each byte (the lowest bit first), and an age for each word.
 * @param {ArrayBuffer} data @param {number} size bytes of all regions @returns {MemoryImage}
 */
export function memoryFrom(data, number, size) {
  const words = size / WORD_BYTES;
  const bits = new Uint8Array(data, size, Math.ceil(size / 8));
  const ages = new Uint8Array(data, size + bits.length, words);
  return {
    number,
    bytes: new Uint8Array(data, 0, size),
    known: eachBit(bits, size),
    changedAt: Int32Array.from(ages, (age) => (age === LONG_AGO ? NEVER : number - age)),
    derived: false,
  };
}

/**
 * Memory after the next frame set, by its changes.
 * @param {MemoryImage} memory @param {import("../changes.js").Changes} changes @returns {MemoryImage}
 */
export function withChanges(memory, number, changes, regions) {
  const bytes = memory.bytes.slice();
  const known = memory.known.slice();
  const changedAt = memory.changedAt.slice();
  const view = new DataView(bytes.buffer);
  for (let row = 0; row < changes.length; row += 1) {
    const position = positionOf(regions, changes.address[row]);
    if (position === null) continue;
    view.setUint32(position, changes.current[row], true);
    known.fill(1, position, position + WORD_BYTES);
    changedAt[wordAt(position)] = number;
  }
  return { number, bytes, known, changedAt, derived: true };
}

/** True where every byte from `position` on is known, for `length` bytes. @param {MemoryImage} memory */
export function isKnown(memory, position, length = 1) {
  for (let byte = position; byte < position + length; byte += 1) {
    if (memory.known[byte] !== 1) return false;
  }
  return true;
}

/** The value at a position, or null where a byte of it is not known. @param {MemoryImage} memory */
export const valueAt = (memory, position, type) => (isKnown(memory, position, bytesOf(type)) ? readValue(memory.bytes, position, type) : null);

/** The value of an address and a type, or null. @param {MemoryImage | undefined} memory @param {{address: number, type: string}} of */
export function valueIn(memory, regions, { address, type }) {
  const position = positionOf(regions, address);
  return memory === undefined || position === null ? null : valueAt(memory, position, type);
}

/** Sets since the word at a position changed, or null where that is long ago. @param {MemoryImage} memory */
export function ageAt(memory, position) {
  const changed = memory.changedAt[wordAt(position)];
  return changed === NEVER || changed === undefined ? null : memory.number - changed;
}

/** The first `length` bits, lowest first, a 0 or 1 each: all of memory, twelve times a second. */
function eachBit(bits, length) {
  const flags = new Uint8Array(length);
  for (let index = 0; index < length; index += 1) flags[index] = (bits[index >> 3] >> (index & 7)) & 1;
  return flags;
}
