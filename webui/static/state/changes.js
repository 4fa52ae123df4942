/**
 * Memory changes of a frame set as columns: decoding, sorting, filtering. Pure.
 * @typedef {{
 *   length: number, regions: string[], region: Uint8Array, frame: Uint32Array,
 *   address: Uint32Array, previous: Uint32Array, current: Uint32Array, freq: Uint16Array,
 * }} Changes
 */

export const EMPTY = columns(0, []);

/** @returns {Changes} */
function columns(length, regions) {
  return {
    length,
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

/** The difference of a word, as a signed 32-bit number. @param {Changes} changes */
export const deltaOf = (changes, row) => (changes.current[row] - changes.previous[row]) | 0;

const SORTS = {
  region: (changes) => changes.region,
  address: (changes) => changes.address,
  previous: (changes) => changes.previous,
  current: (changes) => changes.current,
  delta: (changes) => Int32Array.from({ length: changes.length }, (_, row) => deltaOf(changes, row)),
  freq: (changes) => changes.freq,
  frame: (changes) => changes.frame,
};

/**
 * Filter and sort the rows for the table.
 * @param {Changes} changes
 * @param {{sort: string | null, descending: boolean, filter: string}} view `sort` null: the order of recording
 * @returns {Uint32Array} row numbers
 */
export function arrange(changes, { sort, descending, filter }) {
  const wanted = parseFilter(filter);
  let rows = Uint32Array.from({ length: changes.length }, (_, row) => row);
  if (wanted.length) rows = rows.filter((row) => wanted.every((test) => test(changes, row)));
  if (sort !== null) {
    const keys = SORTS[sort](changes);
    rows.sort((a, b) => keys[a] - keys[b] || a - b);
    if (descending) rows.reverse();
  }
  return rows;
}

/** Tests of the filter's words: `=5` or `=0x1F` a value before or after, the start of a region's name, or digits of the address. */
function parseFilter(filter) {
  return filter
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => {
      if (word.startsWith("=")) {
        const value = Number(word.slice(1)) >>> 0;
        return (changes, row) => changes.current[row] === value || changes.previous[row] === value;
      }
      const digits = word.replace(/^0x/, "").toUpperCase();
      return (changes, row) =>
        changes.regions[changes.region[row]].toLowerCase().startsWith(word) || hex(changes.address[row]).includes(digits);
    });
}

/** 8 upper-case hex digits. */
export const hex = (word) => word.toString(16).toUpperCase().padStart(8, "0");

/** Rows as tab-separated text with a header, for a spreadsheet. @param {Changes} changes */
export function asText(changes, rows) {
  const lines = ["region\taddress\tprevious\tcurrent\tdelta\tfreq\tframe"];
  for (const row of rows) {
    lines.push(
      [
        changes.regions[changes.region[row]],
        hex(changes.address[row]),
        hex(changes.previous[row]),
        hex(changes.current[row]),
        deltaOf(changes, row),
        changes.freq[row],
        changes.frame[row],
      ].join("\t"),
    );
  }
  return lines.join("\n");
}
