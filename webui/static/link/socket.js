/**
 * The line to the page server. Every message becomes an action of the same name; pictures are acknowledged once they are
 * painted, for the server sends them only as fast as that.
 */
import { io } from "../vendor/socket.io-client/socket.io.esm.min.js";

/** Messages without a picture that go by before they are acknowledged without one. */
const MANY = 64;

const MESSAGES = ["welcome", "state", "session", "watched", "frame_set", "preview", "event", "dropped", "problem", "labels"];

/**
 * @param {ReturnType<import("../state/store.js").createStore>} store
 * @param {import("./frame_set_cache.js").FrameSets} frameSets
 */
export function connect(store, frameSets) {
  const socket = io({ transports: ["websocket", "polling"], reconnectionDelay: 300, reconnectionDelayMax: 2000 });
  const seen = (number) => socket.connected && socket.emit("seen", number);
  let acknowledge = acknowledger(seen);
  let watching = null;

  const watch = () => {
    const { chosen, page } = store.get();
    if (page.status !== "connected" || chosen === watching) return;
    watching = chosen;
    if (chosen !== null) socket.emit("watch", { session: chosen });
  };

  for (const type of MESSAGES) {
    socket.on(type, (body) => {
      if (type === "welcome") {
        watching = null;
        loadKeys(store);
        acknowledge = acknowledger(seen);
      }
      if (type === "preview") frameSets.takePreview(body);
      store.dispatch({ ...body, type, now: Date.now() });
      watch();
      acknowledge(body.number, type === "preview");
    });
  }
  socket.on("disconnect", () => store.dispatch({ type: "page", status: "lost", now: Date.now() }));
  socket.on("connect_error", () => {
    if (store.get().page.status === "connecting") store.dispatch({ type: "page", status: "lost", now: Date.now() });
    logInWhereAsked();
  });
  store.subscribe(watch);
  return socket;
}

/** A daemon that was started anew does not know this device any more. */
async function logInWhereAsked() {
  const answer = await fetch("/api/state", { method: "HEAD" }).catch(() => null);
  if (answer?.status === 401) location.replace("/login");
}

/**
 * Send the highest number once for each painted frame that holds a preview, for only those wait for it; at once where the page
 * is hidden and nothing is painted.
 */
function acknowledger(seen) {
  let highest = 0;
  let said = 0;
  let due = false;
  const flush = () => {
    due = false;
    said = highest;
    seen(highest);
  };
  return (number, isPreview) => {
    highest = Math.max(highest, number);
    if (due || (!isPreview && highest - said < MANY)) return;
    due = true;
    if (document.hidden) flush();
    else requestAnimationFrame(() => setTimeout(flush));
  };
}

/** The keys stand in a file that may have changed since the page server was last there. */
export async function loadKeys(store) {
  const answer = await fetch("/api/keys").catch(() => null);
  if (answer?.ok) store.dispatch({ type: "keymap", ...(await answer.json()) });
}
