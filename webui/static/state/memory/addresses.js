/**
 * Addresses: bus address, position in all regions one after the other, and text. Pure.
 * @typedef {{name: string, base: number, size: number}} Region as in a session's summary, sizes in bytes
 */
import { hex, WORD_BYTES } from "../changes.js";

/** Bytes of all regions. @param {Region[]} regions */
export const sizeOf = (regions) => regions.reduce((sum, { size }) => sum + size, 0);

/** The position of an address, or null outside of the regions. @param {Region[]} regions */
export function positionOf(regions, address) {
  let start = 0;
  for (const { base, size } of regions) {
    if (address >= base && address < base + size) return start + address - base;
    start += size;
  }
  return null;
}

/** The address of a position, or null outside of the regions. @param {Region[]} regions */
export function addressAt(regions, position) {
  let start = 0;
  for (const { base, size } of regions) {
    if (position >= start && position < start + size) return base + position - start;
    start += size;
  }
  return null;
}

/** The region that holds an address, or undefined. @param {Region[]} regions */
export const regionAt = (regions, address) => regions.find(({ base, size }) => address >= base && address < base + size);

/** The number of the word that holds a position. */
export const wordAt = (position) => Math.floor(position / WORD_BYTES);

/** `03000A14 iwram` @param {Region[]} regions */
export const addressText = (regions, address) => `${hex(address)} ${regionAt(regions, address)?.name ?? ""}`.trimEnd();

/**
 * The address that a person typed: a name of the book, `03000A14`, `0x3000A14`, or `iwram+A14`; null where it is none of these or
 * outside of the regions.
 * @param {Region[]} regions
 * @param {{name: string, address: number}[]} names
 */
export function parseAddress(text, regions, names = []) {
  const typed = text.trim().toLowerCase();
  const named = names.find(({ name }) => name.toLowerCase() === typed);
  if (named !== undefined) return named.address;
  const [, regionName, digits] = /^(?:([a-z_]\w*)\s*\+\s*)?(?:0x|\$)?([0-9a-f]{1,8})$/.exec(typed) ?? [];
  if (digits === undefined) return null;
  const region = regions.find(({ name }) => name.toLowerCase() === regionName);
  if (regionName !== undefined && region === undefined) return null;
  const address = (region?.base ?? 0) + parseInt(digits, 16);
  return positionOf(regions, address) === null ? null : address;
}
