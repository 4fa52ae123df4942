/**
 * Names of addresses: the form in which one is edited, and the list of them. Pure.
 * @typedef {import("./name_index.js").Name} Name
 */
import { hex } from "../changes.js";
import { addressText, parseAddress } from "./addresses.js";
import { nameAt } from "./name_index.js";

/** Statuses of a name, from the least certain. */
export const STATUSES = { guess: "Guess", certain: "Certain", confirmed: "Confirmed" };

/**
 * The form of a name, all texts. `previous`: the name that it had, empty for a new one.
 * @typedef {{previous: string, name: string, address: string, type: string, factor: string, offset: string, unit: string,
 *   values: string, bits: string, note: string, status: string, watched: boolean, problem: string}} NameForm
 * @param {Name} name @returns {NameForm}
 */
export const formOf = (name) => ({
  previous: name.name,
  name: name.name,
  address: hex(name.address),
  type: name.type,
  factor: String(name.scale?.factor ?? 1),
  offset: String(name.scale?.offset ?? 0),
  unit: name.scale?.unit ?? "",
  values: linesOf(name.values),
  bits: linesOf(name.bits),
  note: name.note ?? "",
  status: name.status,
  watched: name.watched ?? false,
  problem: "",
});

const linesOf = (meanings = {}) => Object.entries(meanings).map(([number, meaning]) => `${number} = ${meaning}`).join("\n");

/**
 * The name that a filled form gives, or the sentence about what is wrong in it.
 * @param {NameForm} form @returns {{name: Name} | {problem: string}}
 */
export function nameFrom(form, regions) {
  const problem = (text) => ({ problem: text });
  if (form.name.trim() === "") return problem("Give it a name.");
  const address = parseAddress(form.address, regions);
  if (address === null) return problem(`${form.address.trim() || "Nothing"} is no address of this game: eight hex digits, such as ${hex(regions[0]?.base ?? 0)}.`);
  const [factor, offset] = [form.factor, form.offset].map((text) => Number(text.trim().replace(",", ".")));
  if (form.factor.trim() === "" || !Number.isFinite(factor) || factor === 0) return problem("The factor is a number other than 0.");
  if (!Number.isFinite(offset)) return problem("The offset is a number.");
  const [values, bits] = [form.values, form.bits].map(meaningsFrom);
  const wrong = values.wrong ?? bits.wrong;
  if (wrong !== undefined) return problem(`“${wrong}” has no number before its equals sign. Write a line such as 2 = store.`);
  const name = { name: form.name.trim(), address, type: form.type, status: form.status, note: form.note.trim(), watched: form.watched };
  return { name: { ...name, scale: { factor, offset, unit: form.unit.trim() }, values: values.meanings, bits: bits.meanings } };
}

/** `2 = store` by lines. @returns {{meanings: Record<string, string>, wrong?: string}} `wrong`: the first line that is none */
function meaningsFrom(text) {
  const meanings = {};
  for (const line of text.split("\n").filter((one) => one.trim() !== "")) {
    const [, number, meaning] = /^\s*(-?\d+|0x[0-9a-f]+)\s*[=:]\s*(.+?)\s*$/i.exec(line) ?? [];
    if (number === undefined) return { meanings, wrong: line.trim() };
    meanings[String(Number(number))] = meaning;
  }
  return { meanings };
}

/** The names that a person looks for, by words of name, note and address. @param {Name[]} names */
export function matchingNames(names, text, regions) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return names;
  return names.filter((name) => {
    const held = `${name.name} ${name.note ?? ""} ${addressText(regions, name.address)} ${name.type} ${name.status}`.toLowerCase();
    return words.every((word) => held.includes(word.replace(/^0x/, "")));
  });
}

/**
 * - `form`: the name that is edited, or null
 * - `filter`: what the list of names is narrowed to
 * - `note`: the result of the last import
 */
export const NO_NAMING = { form: null, filter: "", note: "" };

const withNaming = (state, changed) => ({ ...state, naming: { ...state.naming, ...changed } });

export const namesReducers = {
  namesNote: (state, { text }) => withNaming(state, { note: text }),
  filterNames: (state, { text }) => withNaming(state, { filter: text }),
  /** Open the form of a name: of the given one, of that at an address, or of a new one. */
  editName(state, { address = state.memory.address, valueType = state.memory.type, watched = false, name }) {
    if (address === null || state.chosen === null) return { ...state, problem: "Choose an address first, in a table, the map or the hex view." };
    const known = name ?? nameAt(state.memory.names, address);
    const form = formOf(known ?? { name: "", address, type: valueType, status: "guess", watched });
    return { ...withNaming(state, { form }), overlay: "name" };
  },
  writeName: (state, { field, value }) => withNaming(state, { form: { ...state.naming.form, [field]: value, problem: "" } }),
  /** A name was not saved: the form says why, or the page where it is closed. */
  nameRefused: (state, { message }) =>
    state.overlay === "name" ? withNaming(state, { form: { ...state.naming.form, problem: message } }) : { ...state, problem: message },
  nameSaved: (state) => ({ ...withNaming(state, { form: null }), overlay: state.overlay === "name" ? null : state.overlay }),
};
