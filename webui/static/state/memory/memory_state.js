/**
 * Part of the page's state that the memory views share, and the actions that change it. Pure.
 *
 * The memory itself is in the cache of `link/memory_client.js`.
 */
import { nameIndex } from "./name_index.js";
import { HAS_ADDRESS, VIEWS } from "./views.js";

/**
 * - `view`: the memory view whose tab is open
 * - `address`: the chosen bus address, or null
 * - `type`: the value type in which values are shown
 * - `isHex`: integers are shown in hex where a view offers that
 * - `names`: the name book of the session's game, by address
 * - `problem`: why the memory or the names could not be fetched, one sentence
 */
export const INITIAL_MEMORY = { view: VIEWS[0], address: null, type: "u8", isHex: true, names: [], problem: "" };

/** The same for a session that is opened: what belongs to another session goes. */
export const memoryOf = ({ memory }) => ({ ...memory, names: [], problem: "" });

const withMemory = (state, changed) => ({ ...state, memory: { ...state.memory, ...changed } });

export const memoryReducers = {
  memoryView: (state, { view }) => ({ ...withMemory(state, { view }), panel: "memory" }),
  memoryStep(state, { by }) {
    const at = VIEWS.indexOf(state.memory.view) + (state.panel === "memory" ? by : 0);
    return memoryReducers.memoryView(state, { view: VIEWS[(at + VIEWS.length) % VIEWS.length] });
  },
  /** Choose an address; `view` opens the memory view that is to show it. */
  address: (state, { address, valueType, view }) => ({
    ...withMemory(state, { address, type: valueType ?? state.memory.type, view: view ?? state.memory.view }),
    panel: view === undefined ? state.panel : "memory",
  }),
  valueType: (state, { valueType }) => withMemory(state, { type: valueType }),
  base: (state) => withMemory(state, { isHex: !state.memory.isHex }),
  names: (state, { session, names }) => (session === state.chosen ? withMemory(state, { names: nameIndex(names) }) : state),
  namesProblem: (state, { session, message }) => (session === state.chosen ? withMemory(state, { problem: message }) : state),
  /** Something that was asked for has come, or could not be fetched. */
  memoryLoaded: (state, { problem }) => ({ ...withMemory(state, { problem: problem ?? "" }), loaded: state.loaded + 1 }),
  /** Open a view with a field for an address. */
  memoryFocus: (state) => memoryReducers.memoryView(state, { view: HAS_ADDRESS.includes(state.memory.view) ? state.memory.view : "hex" }),
};
