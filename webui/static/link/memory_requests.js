/** Requests of the memory views that change something: names of the game's book, saved searches and queries, files of them. */
import { candidatesOf, findingOf, probeRequest, queryOf, shownCandidate } from "../state/memory/find_state.js";
import { acceptedName, storedQuery } from "../state/memory/find_words.js";
import { searchOf, savedForm } from "../state/memory/search_state.js";
import { nameAt } from "../state/memory/name_index.js";
import { fetchJson, memoryUrl } from "./memory_client.js";

const namesUrl = (session) => `/api/sessions/${encodeURIComponent(session)}/names`;

/** Actions that change the query in view. */
const QUERY_CHANGES = ["findTyped", "findEvent", "removeFindLabel", "findAxis", "findField"];

const send = (url, method, body) =>
  fetchJson(url, { method, ...(body !== undefined && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }) });

/** Pause in ms before something that is being worked on is asked for again, and the longest time that this goes on. */
const BUSY_PAUSE_MS = 1000;
const BUSY_MS = 300_000;

/** Ask, and again while the daemon is at work on the answer. */
async function patiently(ask) {
  for (const until = performance.now() + BUSY_MS; ; ) {
    try {
      return await ask();
    } catch (error) {
      if (error.status !== 503 || performance.now() > until) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, BUSY_PAUSE_MS));
  }
}

/**
 * By the action that asks for it.
 * @param {ReturnType<import("../state/store.js").createStore>} store
 * @returns {Record<string, (action: object) => Promise<void>>}
 */
export function memoryRequests(store) {
  const { dispatch } = store;
  const reportProblem = (error) => dispatch({ type: "problem", message: error.message });

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
      reportProblem(error);
    }
  };

  /** Do an action of the query in view, and keep the query with the session; one without a name is not kept. */
  const changeQuery = async (action) => {
    dispatch(action);
    const { chosen } = store.get();
    const query = queryOf(store.get());
    if (query.name === "") return;
    await send(`${memoryUrl(chosen)}/queries`, "POST", storedQuery(query)).catch(reportProblem);
  };

  /** Watch a name, or no longer; an address without one gets a name first. */
  const toggleWatched = ({ name, address, valueType }) =>
    name === undefined
      ? Promise.resolve(dispatch({ type: "editName", address, valueType, watched: true }))
      : changeNames((url) => send(url, "POST", { name: name.name, watched: !name.watched }));

  return {
    ...Object.fromEntries(QUERY_CHANGES.map((type) => [type, changeQuery])),
    async removeFindQuery(action) {
      const { chosen } = store.get();
      const { name } = queryOf(store.get());
      dispatch(action);
      if (name !== "") await send(`${memoryUrl(chosen)}/queries/${encodeURIComponent(name)}`, "DELETE").catch(reportProblem);
    },
    /** Make the current candidate, or the first, the name of what is sought. */
    async findAccept() {
      const state = store.get();
      const query = queryOf(state);
      const candidate = shownCandidate(state);
      if (candidate === undefined) return;
      dispatch({ type: "address", address: candidate.address, valueType: candidate.type });
      if (query.name === "") dispatch({ type: "editName", address: candidate.address, valueType: candidate.type });
      else await changeNames((url) => send(url, "POST", { ...acceptedName(query, candidate, findingOf(state).answer), who: state.userName }));
    },
    /** Play on from inside the recording on a copy, and see which of the candidates is the source. */
    async probe() {
      const state = store.get();
      const { chosen: session } = state;
      const { name, axis } = queryOf(state);
      if (findingOf(state).probe.isRunning || (!axis && candidatesOf(state).length === 0)) return;
      dispatch({ type: "probeStarted" });
      try {
        dispatch({ type: "probed", session, name, answer: await patiently(() => send(`${memoryUrl(session)}/probe`, "POST", probeRequest(state))) });
      } catch (error) {
        dispatch({ type: "probeRefused", session, name, message: error.message });
      }
    },
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
        reportProblem(error);
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

/** Fetch what finding needs of a session: the queries that are kept with it, and whether it can be probed. */
export async function loadFinding(store, session) {
  const { queries } = await fetchJson(`${memoryUrl(session)}/queries`);
  store.dispatch({ type: "findQueries", session, queries });
  const { refusal } = await patiently(() => fetchJson(`${memoryUrl(session)}/probe`));
  store.dispatch({ type: "canProbe", session, refusal });
}

/** Hand a text to the browser as a file to save. */
export function download(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
