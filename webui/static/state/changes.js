/**
 * Memory changes of a frame set as columns: decoding, value types, sorting, filtering. Pure.
 * @typedef {{
 *   length: number, width: number, regions: string[], region: Uint8Array, frame: Uint32Array,
 *   address: Uint32Array, previous: Uint32Array | Float64Array, current: Uint32Array | Float64Array, freq: Uint16Array,
 * }} Changes `width`: bytes of a value
 */
import { namesIn } from "./memory/name_index.js";
import { bytesOf, readValue, valueText } from "./memory/value_types.js";

/** View of changes as they are recorded: whole words. */
export const WORD = "word";

/** Bytes of a word. */
export const WORD_BYTES = 4;

/** Frames over which `freq` counts. */
const FREQ_FRAMES = 100;

/** Changes of a word that is scanned once in a set, from which on it counts as changing all the time: in every second set. */
export const busyFrom = (framesPerSet) => FREQ_FRAMES / framesPerSet / 2;

export const EMPTY = columns(0, []);

/** @returns {Changes} */
function columns(length, regions) {
  return {
    length,
    width: WORD_BYTES,
    regions,
    region: new Uint8Array(length),
    frame: new Uint32Array(length),
    address: new Uint32Array(length),
    previous: new Uint32Array(length),
    current: new Uint32Array(length),
    freq: new Uint16Array(length),
  };
}

/**
 * Decode the changes of a preview.
 * @param {[string, number, number, number][]} scans region, frame, chunk, count of each
 * @param {ArrayBuffer} block all addresses, previous values, current values (32 bits), frequencies (16 bits), little-endian
 * @returns {Changes}
 */
export function fromBlock(scans, block) {
  const length = scans.reduce((sum, scan) => sum + scan[3], 0);
  const regions = [...new Set(scans.map((scan) => scan[0]))];
  const changes = columns(length, regions);
  let at = 0;
  for (const [region, frame, , count] of scans) {
    changes.region.fill(regions.indexOf(region), at, at + count);
    changes.frame.fill(frame, at, at + count);
    at += count;
  }
  changes.address = new Uint32Array(block, 0, length);
  changes.previous = new Uint32Array(block, 4 * length, length);
  changes.current = new Uint32Array(block, 8 * length, length);
  changes.freq = new Uint16Array(block, 12 * length, length);
  return changes;
}

/** Convert the `memory_changes` of an `event.json`. @returns {Changes} */
export function fromRows(rows) {
  const regions = [...new Set(rows.map((row) => row.region))];
  const changes = columns(rows.length, regions);
  rows.forEach((row, index) => {
    changes.region[index] = regions.indexOf(row.region);
    changes.frame[index] = row.frame;
    changes.address[index] = parseInt(row.address, 16);
    changes.previous[index] = parseInt(row.prev_val, 16);
    changes.current[index] = parseInt(row.curr_val, 16);
    changes.freq[index] = row.freq;
  });
  return changes;
}

/**
 * Changes of values of a type: of each word those of its aligned values that changed. NaN where there is no value of the type.
 * @param {Changes} changes of words @param {string} type a value type, or WORD @returns {Changes}
 */
export function asType(changes, type) {
  if (type === WORD) return changes;
  const width = bytesOf(type);
  const words = [new Uint8Array(WORD_BYTES), new Uint8Array(WORD_BYTES)];
  const views = words.map((bytes) => new DataView(bytes.buffer));
  const found = { from: [], address: [], previous: [], current: [] };
  for (let row = 0; row < changes.length; row += 1) {
    views[0].setUint32(0, changes.previous[row], true);
    views[1].setUint32(0, changes.current[row], true);
    for (let at = 0; at < WORD_BYTES; at += width) {
      if (isEqual(words, at, width)) continue;
      found.from.push(row);
      found.address.push(changes.address[row] + at);
      found.previous.push(readValue(words[0], at, type) ?? NaN);
      found.current.push(readValue(words[1], at, type) ?? NaN);
    }
  }
  const taken = (column) => column.constructor.from(found.from, (row) => column[row]);
  return {
    length: found.from.length,
    width,
    regions: changes.regions,
    region: taken(changes.region),
    frame: taken(changes.frame),
    address: Uint32Array.from(found.address),
    previous: Float64Array.from(found.previous),
    current: Float64Array.from(found.current),
    freq: taken(changes.freq),
  };
}

function isEqual([one, other], at, width) {
  for (let byte = at; byte < at + width; byte += 1) if (one[byte] !== other[byte]) return false;
  return true;
}

/** The difference: of words as a signed 32-bit number. @param {Changes} changes */
export function deltaOf(changes, row) {
  const delta = changes.current[row] - changes.previous[row];
  return changes.current instanceof Uint32Array ? delta | 0 : delta;
}

const SORTS = {
  region: (changes) => changes.region,
  address: (changes) => changes.address,
  previous: (changes) => changes.previous,
  current: (changes) => changes.current,
  delta: (changes) => Float64Array.from({ length: changes.length }, (_, row) => deltaOf(changes, row)),
  freq: (changes) => changes.freq,
  frame: (changes) => changes.frame,
};

/**
 * Filter and sort the rows for the table.
 * @param {Changes} changes
 * @param {{sort: string | null, descending: boolean, filter: string, busy?: number}} view `sort` null: the order of recording;
 *   `busy`: rows with this frequency are left out
 * @param {import("./memory/name_index.js").Name[]} names index of names, which the filter finds too
 * @returns {Uint32Array} row numbers
 */
export function arrange(changes, { sort, descending, filter, busy = Infinity }, names = []) {
  const wanted = parseFilter(filter, names);
  let rows = Uint32Array.from({ length: changes.length }, (_, row) => row);
  if (wanted.length || busy < Infinity) rows = rows.filter((row) => changes.freq[row] < busy && wanted.every((test) => test(changes, row)));
  if (sort !== null) {
    const keys = SORTS[sort](changes);
    rows.sort((a, b) => keys[a] - keys[b] || a - b);
    if (descending) rows.reverse();
  }
  return rows;
}

/** Tests of the filter's words: `=5` or `=0x1F` a value before or after, the start of a region's name, digits of the address, a name. */
function parseFilter(filter, names) {
  return filter
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => {
      if (word.startsWith("=")) {
        const value = Number(word.slice(1));
        return (changes, row) => [changes.current[row], changes.previous[row]].some((one) => one === value || one === value >>> 0);
      }
      const digits = word.replace(/^0x/, "").toUpperCase();
      return (changes, row) =>
        changes.regions[changes.region[row]].toLowerCase().startsWith(word) ||
        hex(changes.address[row]).includes(digits) ||
        namesText(changes, row, names).toLowerCase().includes(word);
    });
}

/** The names of what a row holds. @param {Changes} changes @param {import("./memory/name_index.js").Name[]} names index */
export const namesText = (changes, row, names) =>
  namesIn(names, changes.address[row], changes.width)
    .map(({ name }) => name)
    .join(", ");

/** 8 upper-case hex digits. */
export const hex = (word) => word.toString(16).toUpperCase().padStart(8, "0");

/** A value before or after a change: words in hex digits. @param {Changes} changes */
export const shownValue = (changes, value, type) => (changes.current instanceof Uint32Array ? hex(value) : valueText(Number.isNaN(value) ? null : value, type));

/** Rows as tab-separated text with a header, for a spreadsheet. @param {Changes} changes */
export function asText(changes, rows, type = WORD, names = []) {
  const lines = ["region\taddress\tprevious\tcurrent\tdelta\tfreq\tframe\tname"];
  for (const row of rows) {
    lines.push(
      [
        changes.regions[changes.region[row]],
        hex(changes.address[row]),
        shownValue(changes, changes.previous[row], type),
        shownValue(changes, changes.current[row], type),
        deltaOf(changes, row),
        changes.freq[row],
        changes.frame[row],
        namesText(changes, row, names),
      ].join("\t"),
    );
  }
  return lines.join("\n");
}
