/**
 * Value types: reading and writing out the value at an address, as `daemon/analysis/value_types.py` does. Pure.
 *
 * A value type names its width, sign, byte order and form: `u8`, `s16be`, `bcd16`, `fixed20.12`, `float32`.
 */

const integer = (bytes, method) => ({ bytes, read: (view, at) => view[method](at, true) });
const bigEndian = (bytes, method) => ({ bytes, read: (view, at) => view[method](at, false) });
const fixed = (fraction) => ({ bytes: 4, read: (view, at) => view.getInt32(at, true) / 2 ** fraction, isFraction: true });
const bcd = (bytes) => ({ bytes, read: (view, at) => decimalOf(view, at, bytes) });

/** By name: the bytes that a value takes, and how it is read; in the order of a list to choose from. */
export const VALUE_TYPES = {
  u8: { bytes: 1, read: (view, at) => view.getUint8(at) },
  s8: { bytes: 1, read: (view, at) => view.getInt8(at) },
  u16: integer(2, "getUint16"),
  s16: integer(2, "getInt16"),
  u32: integer(4, "getUint32"),
  s32: integer(4, "getInt32"),
  u16be: bigEndian(2, "getUint16"),
  s16be: bigEndian(2, "getInt16"),
  u32be: bigEndian(4, "getUint32"),
  s32be: bigEndian(4, "getInt32"),
  bcd8: bcd(1),
  bcd16: bcd(2),
  bcd32: bcd(4),
  "fixed20.12": fixed(12),
  "fixed24.8": fixed(8),
  float32: { bytes: 4, read: (view, at) => numberOrNull(view.getFloat32(at, true)), isFraction: true },
};

const numberOrNull = (value) => (Number.isNaN(value) ? null : value);

/** Two decimal digits in each byte, the lowest byte first; null where a digit is above 9. */
function decimalOf(view, at, bytes) {
  let value = 0;
  for (let index = bytes - 1; index >= 0; index -= 1) {
    const byte = view.getUint8(at + index);
    if (byte >> 4 > 9 || (byte & 15) > 9) return null;
    value = value * 100 + (byte >> 4) * 10 + (byte & 15);
  }
  return value;
}

/** The width of a type in bytes; 1 of a type that this page does not know. */
export const bytesOf = (type) => VALUE_TYPES[type]?.bytes ?? 1;

/**
 * The value at a position, or null: past the end, or no value of this type.
 * @param {Uint8Array} bytes
 */
export function readValue(bytes, position, type) {
  const known = VALUE_TYPES[type];
  if (known === undefined || position < 0 || position + known.bytes > bytes.length) return null;
  return known.read(new DataView(bytes.buffer, bytes.byteOffset), position);
}

/** A value as text: `7`, `-3`, `1.25`; a dash where there is none. */
export function valueText(value, type) {
  if (value === null || value === undefined) return "–";
  return VALUE_TYPES[type]?.isFraction ? String(Number(value.toPrecision(7))) : String(value);
}
