/**
 * Index of the name book of a session's game, by address. Pure.
 * @typedef {{
 *   name: string, address: number, type: string, status: string, layer: string, watched?: boolean, alarm?: string, note?: string,
 *   scale?: {factor?: number, offset?: number, unit?: string}, values?: Record<string, string>, bits?: Record<string, string>, evidence?: string[], who?: string,
 * }} Name an entry of the daemon's book; `layer` says whether it is a person's own or came with the game
 */
import { countBefore } from "../ranges.js";
import { bytesOf, valueText } from "./value_types.js";

/** @param {Name[]} names @returns {Name[]} by address */
export const nameIndex = (names) => [...names].sort((one, other) => one.address - other.address);

/** The first entry of an index whose bytes end behind an address. @param {Name[]} index */
function firstEndingBehind(index, address) {
  // The widest type has four bytes, so an entry that begins earlier than three before has ended.
  let at = countBefore(index, (entry) => entry.address < address - 3);
  while (at < index.length && index[at].address + bytesOf(index[at].type) <= address) at += 1;
  return at;
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

/** A value as its name scales it, with its unit; as it is without a name. @param {Name | undefined} name */
export function scaledText(name, value, type) {
  if (value === null || value === undefined) return "–";
  const { factor = 1, offset = 0, unit = "" } = name?.scale ?? {};
  const shown = factor === 1 && offset === 0 ? valueText(value, type) : String(Number((value * factor + offset).toPrecision(7)));
  return unit ? `${shown} ${unit}` : shown;
}

/** The meaning of a value, else of its bits that are set; empty where there is none. @param {Name | undefined} name */
export const meaningOf = (name, value) =>
  value === null || value === undefined
    ? ""
    : (name?.values?.[String(value)] ??
      Object.entries(name?.bits ?? {})
        .filter(([bit]) => Math.floor(value / 2 ** Number(bit)) % 2 === 1)
        .map(([, meaning]) => meaning)
        .join(", "));

/** A value as its name has it: `2 store`, `2.5 s`. @param {Name | undefined} name */
export const meaningText = (name, value, type) => [scaledText(name, value, type), meaningOf(name, value)].filter(Boolean).join(" ");
