/**
 * Workspace: the state, the requests and the keys of all that is around the picture. `app.js` starts it once the first picture is
 * drawn, or there is none to wait for.
 */
import { fetchDeferred } from "./components/deferred.js";
import { OPTION_INPUT } from "./components/option_list.js";
import { focusWhenHere } from "./components/typed_ahead.js";
import { pollAgreement } from "./link/agreement_poll.js";
import { pollAnswer } from "./link/answer_poll.js";
import { createDispatcher } from "./link/dispatcher.js";
import { pollFilter } from "./link/filter_poll.js";
import { pollHistory } from "./link/history_poll.js";
import { LabelOutbox } from "./link/label_outbox.js";
import { MemoryClient } from "./link/memory_client.js";
import { loadFinding, loadSearches, memoryRequests } from "./link/memory_requests.js";
import { pollNames } from "./link/names_poll.js";
import { playerRequests, startPlayer } from "./link/player.js";
import { pollStatistics } from "./link/statistics_poll.js";
import { pollSuggestions } from "./link/suggestions_poll.js";
import { actionOf } from "./state/keys.js";
import { WIDE } from "./state/layout.js";
import { findRequestOf } from "./state/memory/find_state.js";
import { requestOf } from "./state/memory/search_state.js";
import { isListOpen, listAction, suggestionAction } from "./state/option_list.js";
import { reduce, withWorkspace } from "./state/reducer.js";
import { chosenSession, isMemoryShown } from "./state/selectors.js";

/**
 * @param {object} page `store`, `socket` and `frameSets` of the page, `parts`: the components to draw, and `onPad`: it is the label pad
 * @returns {{parts: object, clients: {memory: MemoryClient}, dispatch: (action: object) => void, press: (event: KeyboardEvent) => void}}
 *   `press`: handler of the keys of the page
 */
export function startWorkspace({ store, socket, frameSets, parts, onPad }) {
  store.extend(reduce, withWorkspace);
  const clients = { memory: new MemoryClient(frameSets, (problem) => store.dispatch({ type: "memoryLoaded", problem })) };
  const outbox = new LabelOutbox(socket, store, onPad ? "pad" : "page");
  const dispatch = createDispatcher(store, outbox, { ...memoryRequests(store), ...playerRequests(store) });
  startPlayer(store, frameSets);
  pollStatistics(store);
  if (!onPad) {
    startMemory(store, clients.memory);
    fetchDeferred();
  }
  return { parts, clients, dispatch, press: pressHandler(store, frameSets, dispatch) };
}

/** Ask for the memory of the current set, which is always in sight, and for what the memory views show. */
function startMemory(store, client) {
  const wide = matchMedia(WIDE);
  const isShown = (state) => isMemoryShown(state, wide.matches);
  const isViewShown = (view) => (state) => isShown(state) && state.memory.view === view;
  store.subscribe(() => {
    const state = store.get();
    if (state.selected === null) return;
    const session = chosenSession(state);
    client.request(state.chosen, state.selected, session?.regions ?? [], state.player.isPlaying || (state.following && session?.state === "live"));
  });
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

/** The action that opens a panel before an element in them takes the focus. */
const OPENS = {
  "changes-filter": { type: "memoryView", view: "changes" },
  "memory-address": { type: "memoryFocus" },
  "search-number": { type: "memoryView", view: "search" },
  "find-reading": { type: "memoryView", view: "find" },
  description: { type: "panel", name: "labels" },
};

/** The handler of key presses. */
function pressHandler(store, frameSets, dispatch) {
  /** Buttons held in the current set, as recorded. */
  const buttonsHeld = (state) => (state.selected === null ? "" : (frameSets.get(state.chosen, state.selected)?.keys ?? ""));

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

  function focus(target) {
    if (target in OPENS) store.dispatch(OPENS[target]);
    focusWhenHere(target);
  }

  return (event) => {
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
  };
}
