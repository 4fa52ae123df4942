/**
 * Entry point of the page: connection, the picture of the current frame set, render loop.
 *
 * All that is around the picture is in `workspace.js`, which is fetched once the first picture is drawn; the views that are not in
 * sight then follow when the browser has time, see `components/deferred_views.js`.
 */
import { html, render } from "./vendor/htm-preact/standalone.module.js";
import { App, LateNotice } from "./components/app.js";
import { fetchPart, RETRY_MS } from "./components/deferred.js";
import { holdKeys, isTypedAhead, releaseKeys, stopWaiting } from "./components/typed_ahead.js";
import { FrameSetCache } from "./link/frame_set_cache.js";
import { PREFERENCES, readAddress, readPreferences, watchAddress, writeAddress, writePreferences } from "./link/persistence.js";
import { connect, loadKeys } from "./link/socket.js";
import { startRenderLoop } from "./render_loop.js";
import { actionOf, isComposing } from "./state/keys.js";
import { hasNothingToDraw } from "./state/selectors.js";
import { initialSession, reduceSession } from "./state/session_state.js";
import { createStore } from "./state/store.js";

/** Time in ms for which the rest of the page waits for a picture that does not come. */
const LATE_MS = 2500;

const onPad = location.pathname === "/pad";

const store = createStore(reduceSession, initialSession({ now: Date.now(), ...readAddress(), ...readPreferences() }));
const frameSets = new FrameSetCache(
  () => store.dispatch({ type: "loaded" }),
  (session, set, problem) => store.dispatch({ type: "missing", session, set, problem }),
);

let before = store.get();
store.subscribe(() => {
  const state = store.get();
  if (state.chosen !== null && state.selected !== null) frameSets.request(state.chosen, state.selected);
  document.documentElement.dataset.theme = state.theme;
  // The browser writes preferences to disk, so not at every frame set.
  if (PREFERENCES.some((name) => state[name] !== before[name])) writePreferences(state);
  writeAddress(state);
  if (!isWanted && (hasNothingToDraw(state) || frameSets.get(state.chosen, state.selected)?.screenshot === null)) loadWorkspace();
  before = state;
});
document.documentElement.dataset.theme = store.get().theme;
writePreferences(store.get());
watchAddress((place) => store.dispatch({ type: "go", ...place }));

holdKeys();
document.addEventListener("keydown", (event) => {
  if (isComposing(event) || isTypedAhead(event, actionOf(event, store.get().keys) !== undefined)) return;
  workspace?.press(event);
});
document.addEventListener("pointerdown", stopWaiting);

const socket = connect(store, frameSets);
const keysLoaded = loadKeys(store);

/** The result of `startWorkspace`, null before. */
let workspace = null;
let isWanted = false;

/** Fetch all that is around the picture, once. */
function loadWorkspace() {
  if (isWanted) return;
  isWanted = true;
  tryWorkspace();
}

async function tryWorkspace() {
  const load = () => Promise.all([import("./workspace.js"), onPad ? import("./components/label_pad.js") : import("./components/workspace_parts.js")]);
  const [modules] = await Promise.all([fetchPart(load, onPad ? "pad" : "workspace_parts"), keysLoaded]);
  if (modules === null) {
    store.dispatch({ type: "workspace", status: "late" });
    setTimeout(tryWorkspace, RETRY_MS);
    return;
  }
  const [{ startWorkspace }, parts] = modules;
  workspace = startWorkspace({ store, socket, frameSets, parts, onPad });
  store.dispatch({ type: "workspace", status: "here" });
  releaseKeys();
}

let isDrawn = false;

function onDrawn() {
  if (isDrawn) return;
  isDrawn = true;
  performance.mark("first picture");
  loadWorkspace();
}

if (onPad) loadWorkspace();
else setTimeout(loadWorkspace, LATE_MS);

function show(state) {
  const View = onPad ? (workspace?.parts.LabelPad ?? LateNotice) : App;
  const dispatch = workspace?.dispatch ?? store.dispatch;
  render(html`<${View} state=${state} frameSets=${frameSets} workspace=${workspace} dispatch=${dispatch} onDrawn=${onDrawn} />`, document.getElementById("app"));
}
startRenderLoop(store, show);
