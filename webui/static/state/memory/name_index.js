/**
 * Index of the name book of a session's game, by address. Pure.
 * @typedef {{name: string, address: number, type: string}} Name an entry of the book
 */
import { bytesOf } from "./value_types.js";

/** @param {Name[]} names @returns {Name[]} by address */
export const nameIndex = (names) => [...names].sort((one, other) => one.address - other.address);

/** The first entry of an index whose bytes end behind an address. @param {Name[]} index */
function firstEndingBehind(index, address) {
  // The widest type has four bytes, so an entry that begins earlier than three before has ended.
  let low = 0;
  let high = index.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (index[middle].address < address - 3) low = middle + 1;
    else high = middle;
  }
  while (low < index.length && index[low].address + bytesOf(index[low].type) <= address) low += 1;
  return low;
}

/** The name whose value has a byte at an address, or undefined. @param {Name[]} index */
export function nameAt(index, address) {
  const found = index[firstEndingBehind(index, address)];
  return found !== undefined && found.address <= address ? found : undefined;
}

/** The names whose values have a byte in `length` bytes from `address` on. @param {Name[]} index */
export function namesIn(index, address, length) {
  const names = [];
  for (let at = firstEndingBehind(index, address); at < index.length && index[at].address < address + length; at += 1) names.push(index[at]);
  return names;
}
