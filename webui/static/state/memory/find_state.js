/**
 * Queries for a variable: labels that a person gave on pictures, and the daemon's ranking of addresses. Pure.
 *
 * @typedef {import("./find_words.js").Query} Query
 * @typedef {{queries: Query[], current: number, answer: object | null, answered: string, problem: string, probe: Probe, unprobeable: string}} Finding
 * - `current`: index of the query in view
 * - `answer`: the daemon's, to the request that `answered` holds as text
 * - `unprobeable`: why no probe of the session can be played, as its ROM is not known
 * @typedef {{isRunning: boolean, candidates: object[], refusal: string}} Probe of the query in view: addresses that answered to pokes, or why
 *   it was refused
 */
import { hex } from "../changes.js";
import { CONSOLE } from "../console.js";
import { unseenSentence } from "../label_commands.js";
import { chosenSession } from "../selectors.js";
import { fromStored, parseLabel, parseReading, storedQuery } from "./find_words.js";
import { memoryReducers } from "./memory_state.js";

/** Most candidates of an answer. */
const LIMIT = 20;

/** @type {Query} */
const NO_QUERY = { name: "", labels: [], axis: "", field: "" };

/** @type {Probe} */
const NO_PROBE = { isRunning: false, candidates: [], refusal: "" };

/** @type {Finding} */
export const NO_FINDING = { queries: [NO_QUERY], current: 0, answer: null, answered: "", problem: "", probe: NO_PROBE, unprobeable: "" };

/** Candidates that are poked at once. */
const MAX_POKED = 8;

/** Pairs of opposite buttons that the console has. */
export const AXES = ["Left/Right", "Up/Down"].filter((axis) => axis.split("/").every((button) => CONSOLE.buttons.includes(button)));

/** @returns {Finding} of the chosen session */
export const findingOf = (state) => state.findings[state.chosen] ?? NO_FINDING;

/** @returns {Query} the query in view */
export const queryOf = (state) => findingOf(state).queries[findingOf(state).current];

/** True while a label that is given now comes from a running game, and so a moment late. */
export const isLive = (state) => state.following && chosenSession(state)?.state === "live";

/**
 * The labels of the query in view by their sets, each with what a candidate did there.
 * @param {object | undefined} candidate of the answer
 * @returns {{text: string, kind: string, number: number, words: string, isLive: boolean, fits: boolean | null, reason: string}[]} `fits`: null
 *   where it is not known
 */
export const labelRows = (state, candidate) =>
  queryOf(state)
    .labels.map((text) => {
      const label = parseLabel(text);
      const line = candidate?.evidence.find(({ kind, number }) => kind === label.kind && number === label.number);
      return { text, ...label, fits: line?.holds ?? null, reason: line?.text ?? "" };
    })
    .sort((one, other) => one.number - other.number);

/** Places of a probed candidate among the others, by its verdict. */
const PLACES = { source: 0, copy: 2 };

const ranked = new WeakMap();

/** The candidates in order: what a probe has shown to be a source first, copies last, each with the probe as evidence. */
export function candidatesOf(state) {
  const { answer, probe } = findingOf(state);
  const candidates = answer?.candidates ?? [];
  if (probe.candidates.length === 0) return candidates;
  if (!ranked.has(probe.candidates) || ranked.get(probe.candidates).of !== candidates) {
    const verdictOf = (address) => probe.candidates.find((one) => one.address === address)?.verdict;
    const sources = candidates.filter(({ address }) => verdictOf(address) === "source");
    // The bytes of a source read as another type answer to pokes as it does.
    const known = new Set([...candidates, ...sources.flatMap(({ mirrors }) => mirrors)].map(({ address }) => address));
    const added = probe.candidates
      .filter(({ address, verdict }) => verdict === "source" && !known.has(address))
      .map(({ address, type, followers }) => ({ address, type, form: "=", evidence: [], mirrors: followers.map((follower) => ({ address: follower, type })) }));
    const all = [...added, ...candidates].map((candidate) => {
      const probed = probe.candidates.find(({ address }) => address === candidate.address);
      if (probed === undefined) return candidate;
      const line = { number: probed.at, kind: "probe", text: probed.reason, holds: probed.verdict !== "copy", nats: probed.score };
      return { ...candidate, verdict: probed.verdict, evidence: [...candidate.evidence, line] };
    });
    const placeOf = ({ verdict }) => PLACES[verdict] ?? 1;
    const scoreOf = ({ verdict, evidence }) => (verdict === "source" ? evidence[evidence.length - 1].nats : 0);
    ranked.set(probe.candidates, { of: candidates, all: all.sort((one, other) => placeOf(one) - placeOf(other) || scoreOf(other) - scoreOf(one)) });
  }
  return ranked.get(probe.candidates).all;
}

/** The probe that is asked for: of an axis by its buttons, else by pokes of the first candidates and the mirrors of the first. */
export function probeRequest(state) {
  if (queryOf(state).axis) return { axis: true };
  const [first, ...others] = candidatesOf(state).slice(0, MAX_POKED);
  const poked = [first, ...first.mirrors, ...others].slice(0, MAX_POKED);
  return { poke: poked.map(({ address, type }) => `0x${hex(address)}:${type}`) };
}

/** The row of the chosen address, of the chosen type where there are several; undefined where there is none. */
export function chosenRow({ memory }, rows) {
  const here = rows.filter(({ address }) => address === memory.address);
  return here.find(({ type }) => type === memory.type) ?? here[0];
}

/** The candidate that the labels are compared with: the chosen one, or the first. */
export function shownCandidate(state) {
  const candidates = candidatesOf(state);
  return chosenRow(state, candidates) ?? candidates[0];
}

/** True while the answer is not that to the query as it is now. */
export const isFindPending = (state) => findRequestOf(state) !== null && findingOf(state).answered !== findRequestOf(state);

const requests = new WeakMap();

/** The request to the daemon as JSON, or null where nothing is known of the variable yet. */
export function findRequestOf(state) {
  const query = queryOf(state);
  if (state.chosen === null || (query.labels.length === 0 && !query.axis && !query.field)) return null;
  if (!requests.has(query)) requests.set(query, JSON.stringify({ ...storedQuery(query), limit: LIMIT }));
  return requests.get(query);
}

const withFinding = (state, changed) =>
  state.chosen === null ? state : { ...state, findings: { ...state.findings, [state.chosen]: { ...findingOf(state), ...changed } } };

/** With the query in view changed; after that it may be probed again. */
const withQuery = (state, changed) => {
  const { queries, current, probe } = findingOf(state);
  return withFinding(state, {
    probe: { ...probe, refusal: "" },
    queries: queries.map((query, index) => (index === current ? { ...query, ...changed } : query)),
  });
};

/** With the view of finding open, so that what a key did there is seen. */
const inSight = (state) => memoryReducers.memoryView(state, { view: "find" });

/** With the query of a name in view: one that is there, the one that has no name yet, or a new one. */
function withNamed(state, name) {
  const { queries, current } = findingOf(state);
  const known = queries.findIndex((query) => query.name.toLowerCase() === name.toLowerCase());
  if (known >= 0) return known === current ? state : withFinding(state, { current: known, answer: null, answered: "", probe: NO_PROBE });
  if (queries[current].name === "") return withQuery(state, { name });
  return withFinding(state, { queries: [...queries, { ...NO_QUERY, name }], current: queries.length, answer: null, answered: "", probe: NO_PROBE });
}

/** With a label more. A second reading of a picture replaces the first, and the same event is not there twice. */
function withLabel(state, text) {
  const added = parseLabel(text);
  const others = queryOf(state).labels.filter((one) => {
    const label = parseLabel(one);
    return one !== text && !(label.kind === "reading" && added.kind === "reading" && label.number === added.number);
  });
  return withQuery(state, { labels: [...others, text] });
}

export const findReducers = {
  /** Take what a person typed; `at` is the set in view when the typing began, `live` that the game ran on. */
  findTyped(state, { text, at = state.selected, live = isLive(state) }) {
    const typed = parseReading(text);
    if (typed === null || at === null || state.chosen === null) return state;
    const named = typed.name === null ? state : withNamed(state, typed.name);
    if (typed.value !== null && unseenSentence(state)) return inSight({ ...state, problem: unseenSentence(state) });
    return inSight(typed.value === null ? named : withLabel(named, `${at}=${typed.value}${live ? " live" : ""}`));
  },
  /** Take that it changed at the current set, or just before where the game runs on. */
  findEvent(state, { direction }) {
    if (state.selected === null) return state;
    if (unseenSentence(state)) return inSight({ ...state, problem: unseenSentence(state) });
    return inSight(withLabel(state, `${direction}@${state.selected}${isLive(state) ? "" : " paused"}`));
  },
  removeFindLabel: (state, { text }) => withQuery(state, { labels: queryOf(state).labels.filter((one) => one !== text) }),
  // What other buttons moved is no source of what these move.
  findAxis: (state, { axis }) => withFinding(withQuery(state, { axis }), { probe: NO_PROBE }),
  findField: (state, { field }) => withQuery(state, { field }),
  findQuery: (state, { name }) => withNamed(state, name),
  removeFindQuery(state) {
    const { queries, current } = findingOf(state);
    const others = queries.filter((_, index) => index !== current);
    return withFinding(state, { queries: others.length > 0 ? others : [NO_QUERY], current: Math.max(0, current - 1), answer: null, answered: "", probe: NO_PROBE });
  },
  /** The queries kept with the session have come; those of this page stay. */
  findQueries(state, { session, queries }) {
    if (session !== state.chosen) return state;
    const { queries: own, current } = findingOf(state);
    const names = new Set(own.map(({ name }) => name.toLowerCase()));
    const added = queries.map(fromStored).filter(({ name }) => !names.has(name.toLowerCase()));
    if (added.length === 0) return state;
    const kept = own.length === 1 && own[0] === NO_QUERY ? [] : own;
    return withFinding(state, { queries: [...kept, ...added], current });
  },
  findAnswer: (state, { session, answered, answer }) =>
    session === state.chosen && answered === findRequestOf(state) ? withFinding(state, { answer, answered, problem: "" }) : state,
  /** A probe of the query in view has begun, has answered, or was refused. */
  probeStarted: (state) => withFinding(state, { probe: { ...findingOf(state).probe, isRunning: true } }),
  probed(state, { session, name, answer: { groups, moments, notes } }) {
    if (session !== state.chosen || name !== queryOf(state).name) return state;
    const { axis } = queryOf(state);
    const at = moments[0]?.at ?? 0;
    const candidates = groups.filter((group) => !axis || group.name === axis).flatMap((group) => group.candidates.map((one) => ({ ...one, at })));
    const problem = candidates.length === 0 ? (notes[0] ?? "Nothing answered to the probe.") : "";
    return withFinding(state, { probe: { ...NO_PROBE, candidates }, problem });
  },
  canProbe: (state, { session, refusal }) => (session === state.chosen ? withFinding(state, { unprobeable: refusal }) : state),
  probeRefused: (state, { session, name, message }) =>
    session === state.chosen && name === queryOf(state).name ? withFinding(state, { probe: { ...NO_PROBE, refusal: message } }) : state,
  findProblem: (state, { session, answered, message }) =>
    session === state.chosen && answered === findRequestOf(state)
      ? withFinding(state, { answer: findingOf(state).answered === answered ? findingOf(state).answer : null, answered, problem: message })
      : state,
};
