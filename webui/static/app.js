/** Puts the page together: state, link, keyboard, view. */
import { html, render } from "./vendor/htm-preact/standalone.module.js";
import { App } from "./components/app.js";
import { keepDrawn } from "./render_loop.js";
import { LabelPad } from "./components/label_pad.js";
import { connect, loadKeys } from "./link/socket.js";
import { FrameSets } from "./link/frame_set_cache.js";
import { LabelLine } from "./link/label_outbox.js";
import { followStatistics } from "./link/statistics_poll.js";
import { performer } from "./link/dispatcher.js";
import { readPlace, watchPlace, writePlace } from "./link/place.js";
import { readChoices, writeChoices } from "./link/persistence.js";
import { actionOf, isComposing } from "./state/keys.js";
import { optionOf } from "./state/palette.js";
import { initialState, reduce } from "./state/reducer.js";
import { createStore } from "./state/store.js";

const onPad = location.pathname === "/pad";

const store = createStore(reduce, initialState({ now: Date.now(), ...readPlace(), ...readChoices() }));
const frameSets = new FrameSets((problem) => store.dispatch(problem === null ? { type: "loaded" } : { type: "problem", message: problem }));

store.subscribe(() => {
  const state = store.get();
  if (state.chosen !== null && state.selected !== null) frameSets.want(state.chosen, state.selected);
  document.documentElement.dataset.theme = state.theme;
  writeChoices(state);
  writePlace(state);
});
document.documentElement.dataset.theme = store.get().theme;
watchPlace((place) => store.dispatch({ type: "go", ...place }));

const socket = connect(store, frameSets);
const dispatch = performer(store, new LabelLine(socket, store, onPad ? "pad" : "page"));

document.addEventListener("keydown", (event) => {
  if (isComposing(event)) return;
  const typing = event.target.closest("input, textarea, select");
  if (typing && event.key !== "Escape") return;
  if (event.target.closest("button, summary") && (event.key === "Enter" || event.key === " ")) return;
  const state = store.get();
  const action = (!typing && optionOf(event, state, shownKeys(state))) || actionOf(event, state.keys);
  if (action === undefined) return;
  event.preventDefault();
  if (typing) {
    typing.blur();
    if (state.palette === null) return;
  }
  if (action.type === "focus") focus(action.target);
  else dispatch(action);
});

const shownKeys = (state) => (state.selected === null ? "" : (frameSets.get(state.chosen, state.selected)?.keys ?? ""));

const PANEL_OF = { filter: "memory", description: "labels" };

/** Focus something that may have to come in sight first. */
function focus(target) {
  if (target in PANEL_OF) store.dispatch({ type: "panel", name: PANEL_OF[target] });
  document.getElementById(target)?.focus();
}

followStatistics(store);
await loadKeys(store);
const View = onPad ? LabelPad : App;
const root = document.getElementById("app");
keepDrawn(store, (state) => render(html`<${View} state=${state} frameSets=${frameSets} dispatch=${dispatch} />`, root));
