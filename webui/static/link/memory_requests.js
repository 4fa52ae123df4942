/** Requests of the memory views that change something: names of the game's book, saved searches, and files of both. */
import { searchOf, savedForm } from "../state/memory/search_state.js";
import { nameAt } from "../state/memory/name_index.js";
import { fetchJson, memoryUrl } from "./memory_client.js";

const namesUrl = (session) => `/api/sessions/${encodeURIComponent(session)}/names`;

const send = (url, method, body) =>
  fetchJson(url, { method, ...(body !== undefined && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }) });

/**
 * By the action that asks for it.
 * @param {ReturnType<import("../state/store.js").createStore>} store
 * @returns {Record<string, (action: object) => Promise<void>>}
 */
export function memoryRequests(store) {
  const { dispatch } = store;

  const changeNames = async (change) => {
    const session = store.get().chosen;
    try {
      await change(namesUrl(session));
      dispatch({ type: "nameSaved" });
      await loadNames(store, session);
    } catch (error) {
      dispatch({ type: "nameRefused", message: error.message });
    }
  };

  const changeSearches = async (change) => {
    const session = store.get().chosen;
    try {
      await change(`${memoryUrl(session)}/searches`, session);
      await loadSearches(store, session);
    } catch (error) {
      dispatch({ type: "problem", message: error.message });
    }
  };

  /** Watch a name, or no longer; an address without one gets a name first. */
  const toggleWatched = ({ name, address, valueType }) =>
    name === undefined
      ? Promise.resolve(dispatch({ type: "editName", address, valueType, watched: true }))
      : changeNames((url) => send(url, "POST", { name: name.name, watched: !name.watched }));

  return {
    saveName: ({ name, previous }) => changeNames((url) => send(url, "POST", { ...name, who: store.get().userName, ...(previous && { previous }) })),
    removeName: ({ name }) => changeNames((url) => send(`${url}/${encodeURIComponent(name)}`, "DELETE")),
    toggleWatched,
    /** The same of the chosen address. */
    async watch() {
      const { address, type, names } = store.get().memory;
      if (address !== null) await toggleWatched({ name: nameAt(names, address), address, valueType: type });
    },
    importNames: ({ file, text }) =>
      changeNames(async (url) => {
        const { added, changed, notes } = await send(`${url}/import`, "POST", { file, text, who: store.get().userName });
        const left = notes.length > 0 ? ` ${notes.join(" ")}` : "";
        dispatch({ type: "namesNote", text: `${file}: ${added} added, ${changed} changed.${left}` });
      }),
    async exportNames({ format }) {
      try {
        const { file, text } = await fetchJson(`${namesUrl(store.get().chosen)}/export?format=${encodeURIComponent(format)}`);
        download(file, text);
      } catch (error) {
        dispatch({ type: "problem", message: error.message });
      }
    },
    saveSearch: () => changeSearches((url) => send(url, "POST", savedForm(searchOf(store.get())))),
    removeSearch: ({ name }) => changeSearches((url) => send(`${url}/${encodeURIComponent(name)}`, "DELETE")),
  };
}

/** Fetch the name book of a session's game. */
export async function loadNames(store, session) {
  const answer = await fetchJson(namesUrl(session));
  store.dispatch({ type: "names", session, names: answer.names });
}

/** Fetch the searches that are saved with a session. */
export async function loadSearches(store, session) {
  const answer = await fetchJson(`${memoryUrl(session)}/searches`);
  store.dispatch({ type: "savedSearches", session, searches: answer.searches });
}

/** Hand a text to the browser as a file to save. */
export function download(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
