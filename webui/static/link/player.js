/**
 * Player: moves through the recording by the clock of `state/player.js`, and fetches ahead. Shell around animation frames.
 */
import { hex } from "../state/changes.js";
import { clockAt, playedSets, setsPerSecond, shownTurn, startClock, turnsAhead } from "../state/player.js";
import { fetchJson, memoryUrl } from "./memory_client.js";

/** Requests at the same time; browsers make six to a server. */
const PLACES = 4;
/** Share of the newest measurement in the average time of a request. */
const NEWEST = 0.2;
/** Time in ms for which the last set is waited for. */
const LAST_MS = 1000;

/**
 * @param {ReturnType<import("../state/store.js").createStore>} store
 * @param {import("./frame_set_cache.js").FrameSetCache} frameSets
 */
export function startPlayer(store, frameSets) {
  let run = null;
  let latency = 0.05;

  function tick() {
    const state = store.get();
    if (!state.player.isPlaying || state.chosen !== run.session) {
      run.abort.abort();
      run = null;
      if (state.player.isPlaying) begin();
      return;
    }
    const now = performance.now();
    const play = { sets: playedSets(state), rate: setsPerSecond(state), isLoop: state.player.loop !== null };
    run.clock = clockAt(run.clock, now, play);
    show();
    ask(play);
    if (run.clock.isOver) end(now);
    requestAnimationFrame(tick);
  }

  function show() {
    const turns = run.turns.map((one) => ({ ...one, isHere: frameSets.get(run.session, one.set) !== undefined }));
    const shown = shownTurn(turns, run.clock);
    if (shown === undefined) return;
    run.turns = run.turns.filter(({ turn }) => turn > shown.turn);
    if (shown.set !== store.get().selected) store.dispatch({ type: "played", set: shown.set });
  }

  function ask(play) {
    const { session, abort, clock } = run;
    for (const { turn, set } of turnsAhead(clock, play, { asked: run.asked, places: run.places, latency })) {
      run.turns.push({ turn, set });
      run.asked = turn;
      if (frameSets.get(session, set) !== undefined) continue;
      const mine = run;
      const since = performance.now();
      mine.places -= 1;
      frameSets.fetchAhead(session, set, abort.signal).finally(() => {
        mine.places += 1;
        if (!abort.signal.aborted) latency += NEWEST * ((performance.now() - since) / 1000 - latency);
      });
    }
  }

  function end(now) {
    run.endedAt ??= now;
    const isLastShown = store.get().selected === run.clock.set;
    if (!isLastShown && now - run.endedAt < LAST_MS) return;
    store.dispatch({ type: "played", set: run.clock.set });
    store.dispatch({ type: "playedOut" });
  }

  function begin() {
    const { chosen, selected } = store.get();
    run = { session: chosen, clock: startClock(performance.now(), selected), turns: [], asked: 0, places: PLACES, abort: new AbortController(), endedAt: null };
    requestAnimationFrame(tick);
  }

  store.subscribe(() => {
    if (run === null && store.get().player.isPlaying) begin();
  });
}

/**
 * Actions that ask the daemon for something, by type: the sets in which a watched value changes.
 * @param {ReturnType<import("../state/store.js").createStore>} store
 */
export function playerRequests(store) {
  return {
    async stepChange({ by }) {
      const { player, memory, chosen } = store.get();
      const name = memory.names.find((one) => player.lane === `watch ${one.name}`);
      if (name === undefined) {
        store.dispatch({ type: "stepChange", by, lane: player.lane });
        return;
      }
      try {
        const query = new URLSearchParams({ address: hex(name.address), type: name.type, cursor: 0, limit: 1 });
        const { sets } = await fetchJson(`${memoryUrl(chosen)}/changes?${query}`);
        if (store.get().chosen === chosen) store.dispatch({ type: "stepChange", by, lane: player.lane, changed: sets });
      } catch (error) {
        store.dispatch({ type: "problem", message: error.message });
      }
    },
  };
}
