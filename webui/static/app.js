/** Entry point of the page: store, connection, keyboard, render loop. */
import { html, render } from "./vendor/htm-preact/standalone.module.js";
import { App } from "./components/app.js";
import { deferred, fetchDeferred } from "./components/deferred.js";
import { OPTION_INPUT } from "./components/option_list.js";
import { focusWhenHere, isTypedAhead, stopWaiting } from "./components/typed_ahead.js";
import { pollAgreement } from "./link/agreement_poll.js";
import { pollAnswer } from "./link/answer_poll.js";
import { createDispatcher } from "./link/dispatcher.js";
import { FrameSetCache } from "./link/frame_set_cache.js";
import { LabelOutbox } from "./link/label_outbox.js";
import { pollFilter } from "./link/filter_poll.js";
import { pollHistory } from "./link/history_poll.js";
import { MemoryClient } from "./link/memory_client.js";
import { loadFinding, loadSearches, memoryRequests } from "./link/memory_requests.js";
import { pollNames } from "./link/names_poll.js";
import { PREFERENCES, readAddress, readPreferences, watchAddress, writeAddress, writePreferences } from "./link/persistence.js";
import { connect, loadKeys } from "./link/socket.js";
import { playerRequests, startPlayer } from "./link/player.js";
import { pollSuggestions } from "./link/suggestions_poll.js";
import { pollStatistics } from "./link/statistics_poll.js";
import { startRenderLoop } from "./render_loop.js";
import { actionOf, isComposing } from "./state/keys.js";
import { WIDE } from "./state/layout.js";
import { findRequestOf } from "./state/memory/find_state.js";
import { requestOf } from "./state/memory/search_state.js";
import { isListOpen, listAction, suggestionAction } from "./state/option_list.js";
import { initialState, reduce } from "./state/reducer.js";
import { chosenSession, isMemoryShown } from "./state/selectors.js";
import { createStore } from "./state/store.js";

const wide = matchMedia(WIDE);
const onPad = location.pathname === "/pad";

const store = createStore(reduce, initialState({ now: Date.now(), ...readAddress(), ...readPreferences() }));
const frameSets = new FrameSetCache(
  () => store.dispatch({ type: "loaded" }),
  (session, set, problem) => store.dispatch({ type: "missing", session, set, problem }),
);

const clients = { memory: new MemoryClient(frameSets, (problem) => store.dispatch({ type: "memoryLoaded", problem })) };

let before = store.get();
store.subscribe(() => {
  const state = store.get();
  if (state.chosen !== null && state.selected !== null) frameSets.request(state.chosen, state.selected);
  if (!onPad) requestMemory(state);
  document.documentElement.dataset.theme = state.theme;
  // The browser writes preferences to disk, so not at every frame set.
  if (PREFERENCES.some((name) => state[name] !== before[name])) writePreferences(state);
  writeAddress(state);
  if (!onPad && before.loaded === 0 && state.loaded > 0) fetchDeferred();
  before = state;
});
document.documentElement.dataset.theme = store.get().theme;
writePreferences(store.get());
watchAddress((place) => store.dispatch({ type: "go", ...place }));

/** True while a memory view is in sight. */
const isShown = (state) => isMemoryShown(state, wide.matches);
const isViewShown = (view) => (state) => isShown(state) && state.memory.view === view;

/** Ask for the memory of the current set, which is always in sight. */
function requestMemory(state) {
  if (state.selected === null) return;
  const session = chosenSession(state);
  clients.memory.request(state.chosen, state.selected, session?.regions ?? [], state.player.isPlaying || (state.following && session?.state === "live"));
}

const socket = connect(store, frameSets);
const dispatch = createDispatcher(store, new LabelOutbox(socket, store, onPad ? "pad" : "page"), { ...memoryRequests(store), ...playerRequests(store) });

document.addEventListener("keydown", (event) => {
  if (isComposing(event) || isTypedAhead(event)) return;
  // What had the focus may be gone since the state was rendered for this key press: the key then goes to what has the focus now.
  const target = event.target.isConnected ? event.target : document.activeElement;
  const typing = target.closest("input, textarea, select");
  const state = store.get();
  if (isListOpen(state) && (typing === null || typing.id === OPTION_INPUT)) {
    pressOnList(event, target, state);
    return;
  }
  if (typing && event.key !== "Escape") return;
  if (target.closest("button, summary") && (event.key === "Enter" || event.key === " ")) return;
  const action = (!typing && suggestionAction(event, state, buttonsHeld(state))) || actionOf(event, state.keys);
  if (action === undefined) return;
  event.preventDefault();
  if (typing) typing.blur();
  else if (action.type === "focus") focus(action.target);
  else dispatch(action);
});

document.addEventListener("pointerdown", stopWaiting);

/** Give a key press to the open option list: none reaches the page behind it. */
function pressOnList(event, target, state) {
  const onButton = target.closest("button") !== null && (event.key === "Enter" || event.key === " ");
  const action = onButton ? undefined : listAction(event, state, buttonsHeld(state));
  if (action !== undefined) {
    event.preventDefault();
    dispatch(action);
  } else if (!onButton && !event.ctrlKey && !event.metaKey && (event.key.length === 1 || event.key === "Backspace")) {
    // What the press writes then goes into the input.
    document.getElementById(OPTION_INPUT)?.focus();
  }
}

/** Buttons held in the current set, as recorded. */
const buttonsHeld = (state) => (state.selected === null ? "" : (frameSets.get(state.chosen, state.selected)?.keys ?? ""));

/** The action that opens a panel before an element in them takes the focus. */
const OPENS = {
  "changes-filter": { type: "memoryView", view: "changes" },
  "memory-address": { type: "memoryFocus" },
  "search-number": { type: "memoryView", view: "search" },
  "find-reading": { type: "memoryView", view: "find" },
  description: { type: "panel", name: "labels" },
};

function focus(target) {
  if (target in OPENS) store.dispatch(OPENS[target]);
  focusWhenHere(target);
}

startPlayer(store, frameSets);
pollStatistics(store);
if (!onPad) {
  pollNames(store, isShown);
  pollAnswer(store, {
    isShown: isViewShown("search"),
    requestOf,
    path: "search",
    answer: "searchAnswer",
    problem: "searchProblem",
    load: (session) => loadSearches(store, session),
  });
  pollAnswer(store, {
    isShown: isViewShown("find"),
    requestOf: findRequestOf,
    path: "find",
    answer: "findAnswer",
    problem: "findProblem",
    load: (session) => loadFinding(store, session),
  });
  pollSuggestions(store);
  pollFilter(store);
  pollAgreement(store, isViewShown("review"));
  pollHistory(store, isViewShown("history"));
}
await loadKeys(store);
const View = onPad ? deferred(() => import("./components/label_pad.js"), "LabelPad", "pad") : App;
const root = document.getElementById("app");
startRenderLoop(store, (state) => render(html`<${View} state=${state} frameSets=${frameSets} clients=${clients} dispatch=${dispatch} />`, root));
