/**
 * Geometry and colours of the memory map: a pixel for each word, region below region. Pure.
 *
 * @typedef {{scale: number, columns: number, width: number, height: number, bands: {region: object, firstWord: number, words: number, top: number}[]}} MapLayout
 * Lengths in device pixels; `columns`: words in a row; `bands`: a region each, with the row that it begins at
 */
import { WORD_BYTES } from "../changes.js";
import { NEVER } from "./memory_image.js";

/** Words in a row are a multiple of this, so that every row begins at a round address. */
const COLUMN_STEP = 64;
/** Rows left free between two regions. */
const GAP_ROWS = 2;
/** Frame sets in a second of play, in which the heat of a change halves. */
export const SECOND_SETS = 12;
const COOLED = 120;

const LINEN = [0x0d, 0x10, 0x13];
const GREY = [0x6b, 0x76, 0x80];
const AMBER = [0xe0, 0x8a, 0x2a];
const WHITE = [0xff, 0xf2, 0xc8];
const UNKNOWN = [0x2a, 0x22, 0x3a];

const mix = (from, to, share) => from.map((part, index) => Math.round(part + (to[index] - part) * share));
/** A colour as a canvas keeps it in memory, on the little-endian machines that browsers run on. */
const packed = ([red, green, blue]) => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;

/** Colours by the mean of a word's bytes, at rest; zero is the ground. */
const AT_REST = Uint32Array.from({ length: 256 }, (_, mean) => packed(mean === 0 ? LINEN : mix(LINEN, GREY, 0.3 + (0.7 * mean) / 255)));
/** Colours by the sets since a word's change: white, amber, then down to the grey of what rests. */
const HEAT = Uint32Array.from({ length: COOLED }, (_, age) => {
  const heat = 2 ** (-age / SECOND_SETS);
  return packed(heat > 0.75 ? mix(AMBER, WHITE, (heat - 0.75) * 4) : mix(LINEN, AMBER, 0.25 + heat));
});
const NOT_KNOWN = packed(UNKNOWN);
const FREE = packed([0x05, 0x06, 0x07]);

/** Colours for a legend, as CSS. */
export const LEGEND = [
  ["changed now", WHITE],
  ["1 s ago", mix(LINEN, AMBER, 0.75)],
  ["at rest", GREY],
  ["not known", UNKNOWN],
].map(([text, colour]) => ({ text, colour: `rgb(${colour.join(" ")})` }));

/**
 * The layout with the largest words that fits; at a scale of 1 where none does.
 * @param {import("./addresses.js").Region[]} regions
 * @returns {MapLayout}
 */
export function mapLayout(regions, width, height) {
  for (let scale = 16; scale >= 1; scale -= 1) {
    const columns = Math.floor(width / scale / COLUMN_STEP) * COLUMN_STEP;
    const layout = layoutOf(regions, Math.max(columns, COLUMN_STEP), scale);
    if (scale === 1 || (columns > 0 && layout.height <= height)) return layout;
  }
}

function layoutOf(regions, columns, scale) {
  const { bands, rows } = bandsOf(regions, columns, GAP_ROWS);
  return { scale, columns, bands, width: columns * scale, height: rows * scale };
}

/** The bands of all regions, their rows and their words. @param {number} perRow words in a row @param {number} gap rows between two regions */
function bandsOf(regions, perRow, gap) {
  let row = 0;
  let firstWord = 0;
  const bands = regions.map((region) => {
    const band = { region, firstWord, words: region.size / WORD_BYTES, top: row };
    firstWord += band.words;
    row += Math.ceil(band.words / perRow) + gap;
    return band;
  });
  return { bands, rows: Math.max(row - gap, 1), words: firstWord };
}

/**
 * The layout of a part around a word, with larger words; null where the map's own are as large.
 * @param {MapLayout} layout of all of it
 * @param {{columns: number, width: number, height: number, largest: number}} box `largest`: size of a word at most
 * @returns {MapLayout | null}
 */
export function detailLayout(layout, word, { columns, width, height, largest }) {
  const band = layout.bands.find(({ firstWord, words }) => word >= firstWord && word < firstWord + words);
  const scale = Math.floor(Math.min(width / columns, largest));
  if (band === undefined || scale <= layout.scale) return null;
  const rows = Math.max(Math.min(Math.floor(height / scale), Math.ceil(band.words / columns)), 1);
  const lastRow = Math.ceil(band.words / columns) - rows;
  const row = Math.min(Math.max(Math.floor((word - band.firstWord) / columns) - (rows >> 1), 0), lastRow);
  const words = Math.min(rows * columns, band.words - row * columns);
  return {
    scale,
    columns,
    bands: [{ region: band.region, firstWord: band.firstWord + row * columns, words, top: 0 }],
    width: columns * scale,
    height: rows * scale,
  };
}

/** The word at a pixel, or null. @param {MapLayout} layout */
export function wordAtPixel({ scale, columns, bands, width }, x, y) {
  if (x < 0 || x >= width) return null;
  const [column, row] = [Math.floor(x / scale), Math.floor(y / scale)];
  for (const { firstWord, words, top } of bands) {
    const word = (row - top) * columns + column;
    if (row >= top && word < words) return firstWord + word;
    if (row < top) break;
  }
  return null;
}

/** The pixel of the upper left corner of a word. @param {MapLayout} layout @returns {{x: number, y: number} | null} */
export function pixelOfWord({ scale, columns, bands }, word) {
  const band = bands.find(({ firstWord, words }) => word >= firstWord && word < firstWord + words);
  if (band === undefined) return null;
  const within = word - band.firstWord;
  return { x: (within % columns) * scale, y: (band.top + Math.floor(within / columns)) * scale };
}

/** The word to which a key moves the cursor: the same one at the end of all regions. @param {MapLayout} layout */
export function moved({ columns, bands }, word, { columns: across = 0, rows = 0 }) {
  const last = bands[bands.length - 1];
  const to = word + across + rows * columns;
  return to < 0 || to >= last.firstWord + last.words ? word : to;
}

/**
 * The colours of the map, a pixel for each word, row by row.
 * @param {MapLayout} layout @param {import("./memory_image.js").MemoryImage} memory
 * @returns {Uint32Array} `columns` wide
 */
export function mapColours({ columns, bands, height, scale }, memory) {
  const pixels = new Uint32Array((height / scale) * columns).fill(FREE);
  const words = new Uint32Array(memory.bytes.buffer, memory.bytes.byteOffset, memory.bytes.length >> 2);
  const { changedAt, number } = memory;
  const known = knownWords(memory.known);
  for (const { firstWord, words: count, top } of bands) {
    let pixel = top * columns;
    for (let word = firstWord; word < firstWord + count; word += 1, pixel += 1) {
      const age = number - changedAt[word];
      if (known[word] === 0) pixels[pixel] = NOT_KNOWN;
      else if (changedAt[word] !== NEVER && age < COOLED) pixels[pixel] = HEAT[age];
      else pixels[pixel] = AT_REST[meanOf(words[word])];
    }
  }
  return pixels;
}

/**
 * The layout of the map in little: the fewest words in a pixel with which all regions fit a box, in rows as high as it allows.
 * @param {import("./addresses.js").Region[]} regions
 * @returns {{columns: number, perPixel: number, rows: number, bands: MapLayout["bands"]}} `columns`: pixels in a row
 */
export function stripLayout(regions, { width, height }) {
  const columns = Math.max(Math.floor(width), 1);
  for (let perPixel = 1; ; perPixel *= 2) {
    const { bands, rows, words } = bandsOf(regions, columns * perPixel, 1);
    if (rows <= height || perPixel >= words) return { columns, perPixel, rows, bands };
  }
}

/** The word at a place of the map in little, or null. @param {ReturnType<typeof stripLayout>} layout */
export function wordInStrip({ columns, perPixel, bands }, column, row) {
  const band = bands.findLast(({ top }) => row >= top);
  const word = band === undefined ? 0 : ((row - band.top) * columns + column) * perPixel;
  return band !== undefined && word < band.words ? band.firstWord + word : null;
}

/**
 * The colours of the map in little: of each pixel's words that which changed last, else that with the largest value.
 * @param {ReturnType<typeof stripLayout>} layout @param {import("./memory_image.js").MemoryImage} memory
 */
export function stripColours({ columns, perPixel, rows, bands }, memory) {
  const pixels = new Uint32Array(columns * rows).fill(FREE);
  const words = new Uint32Array(memory.bytes.buffer, memory.bytes.byteOffset, memory.bytes.length >> 2);
  const known = knownWords(memory.known);
  for (const { firstWord, words: count, top } of bands) {
    let pixel = top * columns;
    for (let first = firstWord; first < firstWord + count; first += perPixel, pixel += 1) {
      const end = Math.min(first + perPixel, firstWord + count);
      let [latest, mean, isKnown] = [NEVER, 0, false];
      for (let word = first; word < end; word += 1) {
        if (known[word] === 0) continue;
        isKnown = true;
        latest = Math.max(latest, memory.changedAt[word]);
        mean = Math.max(mean, meanOf(words[word]));
      }
      const age = memory.number - latest;
      if (!isKnown) pixels[pixel] = NOT_KNOWN;
      else pixels[pixel] = latest !== NEVER && age < COOLED ? HEAT[age] : AT_REST[mean];
    }
  }
  return pixels;
}

/**
 * The map in numbers, for who cannot see it: of each region the words that changed in the last second and those not known.
 * @param {MapLayout} layout @param {import("./memory_image.js").MemoryImage} memory
 */
export function mapSummary({ bands }, { number, changedAt, known: bytes }) {
  const known = knownWords(bytes);
  return bands.map(({ region, firstWord, words }) => {
    const summary = { name: region.name, words, changed: 0, unknown: 0 };
    for (let word = firstWord; word < firstWord + words; word += 1) {
      if (known[word] === 0) summary.unknown += 1;
      if (number - changedAt[word] < SECOND_SETS) summary.changed += 1;
    }
    return summary;
  });
}

/** The mean of a word's bytes, at least 1 where the word is not zero. */
const meanOf = (word) => (word === 0 ? 0 : Math.max(((word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24)) >> 2, 1));

/** For each word whether bytes of it are known: 0 where none is. */
const knownWords = (known) => new Uint32Array(known.buffer, known.byteOffset, known.length / WORD_BYTES);
