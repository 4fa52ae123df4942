/** Puts the page together: state, link, keyboard, view. */
import { html, render } from "./vendor/htm-preact/standalone.module.js";
import { App } from "./components/app.js";
import { connect } from "./link/socket.js";
import { FrameSets } from "./link/frame_sets.js";
import { readPlace, writePlace } from "./link/place.js";
import { actionOf } from "./state/keys.js";
import { initialState, reduce } from "./state/reducer.js";
import { createStore } from "./state/store.js";

const THEME = "gbatrace.theme";

const store = createStore(
  reduce,
  initialState({ now: Date.now(), ...readPlace(), theme: localStorage.getItem(THEME) ?? "auto" }),
);
const frameSets = new FrameSets((problem) => store.dispatch(problem === null ? { type: "loaded" } : { type: "problem", message: problem }));

store.subscribe(() => {
  const { chosen, selected, theme } = store.get();
  if (chosen !== null && selected !== null) frameSets.want(chosen, selected);
  document.documentElement.dataset.theme = theme;
  localStorage.setItem(THEME, theme);
  writePlace(store.get());
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (typing && event.key !== "Escape") return;
  const action = actionOf(event);
  if (action === undefined) return;
  event.preventDefault();
  if (typing) typing.blur();
  if (action.type === "focus") document.getElementById(action.target)?.focus();
  else store.dispatch(action);
});

document.documentElement.dataset.theme = store.get().theme;
render(html`<${App} store=${store} frameSets=${frameSets} />`, document.getElementById("app"));
connect(store, frameSets);
