/** Rows of the hex view: the cells of a value type, their text and what lights them up. Pure. */
import { addressAt, positionOf, regionAt, wordAt } from "./addresses.js";
import { ageAt, isKnown, valueAt } from "./memory_image.js";
import { namesIn } from "./name_index.js";
import { bytesOf, VALUE_TYPES, valueText } from "./value_types.js";

/** Sets for which a changed value stays lit. */
const LIT_SETS = 24;

/**
 * Bytes by which rows and cells are moved, so that a value begins at the chosen address.
 * @param {number | null} position of the chosen address
 */
export const phaseOf = (position, type) => (position === null ? 0 : position % bytesOf(type));

/** Number of rows. @param {{size: number, perRow: number, phase: number}} grid `size`: bytes of all regions */
export const rowCount = ({ size, perRow, phase }) => Math.ceil((size - phase) / perRow);

/** The row of a position. */
export const rowOf = ({ perRow, phase }, position) => Math.max(Math.floor((position - phase) / perRow), 0);

/**
 * The bytes that a frame set changed.
 * @param {import("../changes.js").Changes} changes
 * @returns {Map<number, number>} by word number, the bits that differ
 */
export function changedBits(changes, regions) {
  const bits = new Map();
  for (let row = 0; row < changes.length; row += 1) {
    const position = positionOf(regions, changes.address[row]);
    if (position !== null) bits.set(wordAt(position), (bits.get(wordAt(position)) ?? 0) | (changes.previous[row] ^ changes.current[row]));
  }
  return bits;
}

/**
 * A row: its address, its cells and the names that lie in it.
 * @param {{perRow: number, phase: number, size: number}} grid
 * @param {{memory: import("./memory_image.js").MemoryImage, changed: Map<number, number> | null, type: string, isHex: boolean,
 *   regions: import("./addresses.js").Region[], names: import("./name_index.js").Name[]}} shown `changed`: of the set whose memory
 *   it is, null where that is not known: then whole words are lit
 */
export function rowAt({ perRow, phase, size }, row, { memory, changed, type, isHex, regions, names }) {
  const start = phase + row * perRow;
  const width = bytesOf(type);
  const address = addressAt(regions, start);
  const cells = [];
  for (let position = start; position + width <= Math.min(start + perRow, size); position += width) {
    cells.push({ position, text: cellText(memory, position, type, isHex), lit: litOf(memory, changed, position, width) });
  }
  const region = regionAt(regions, address);
  return { start, address, cells, names: namesIn(names, address, Math.min(perRow, region.base + region.size - address)) };
}

/** A value in the width of its column; question marks where it is not known. */
export function cellText(memory, position, type, isHex) {
  const width = bytesOf(type);
  if (!isKnown(memory, position, width)) return "?".repeat(2 * width);
  if (!isHex || VALUE_TYPES[type].isFraction || type.startsWith("bcd")) return valueText(valueAt(memory, position, type), type);
  const digits = Array.from(memory.bytes.subarray(position, position + width), (byte) => byte.toString(16).toUpperCase().padStart(2, "0"));
  return (type.endsWith("be") ? digits : digits.reverse()).join("");
}

/** Characters of the longest text of a type. */
export function columnWidth(type, isHex) {
  const bytes = bytesOf(type);
  if (VALUE_TYPES[type].isFraction) return 12;
  if (type.startsWith("bcd") || isHex) return 2 * bytes;
  return { 1: 4, 2: 6, 4: 11 }[bytes];
}

/** `now` where the current set changed one of the bytes, `lately` where a word of it changed in the last seconds, or "". */
function litOf(memory, changed, position, width) {
  if (changed === null) {
    const age = ageAt(memory, position);
    return age === 0 ? "now" : age !== null && age < LIT_SETS ? "lately" : "";
  }
  for (let at = position; at < position + width; at += 1) {
    if (((changed.get(wordAt(at)) ?? 0) >>> (8 * (at & 3))) & 255) return "now";
  }
  const age = ageAt(memory, position);
  return age !== null && age < LIT_SETS ? "lately" : "";
}
