/**
 * Socket.IO connection to the page server.
 *
 * Every message becomes an action of the same name. Previews are acknowledged once they are painted, because the server sends them
 * only as fast as that.
 */
import { chosenSession } from "../state/selectors.js";
import "../vendor/socket.io-client/socket.io.msgpack.min.js";

// It is published as a script that defines a global name.
const { io } = globalThis;

/** Messages without a screenshot after which an acknowledgement is sent without waiting for a preview. */
const MAX_UNACKNOWLEDGED = 64;

const MESSAGES = ["welcome", "state", "session", "watched", "frame_set", "preview", "event", "meter", "problem", "labels", "label_options"];

/**
 * @param {ReturnType<import("../state/store.js").createStore>} store
 * @param {import("./frame_set_cache.js").FrameSetCache} frameSets
 */
export function connect(store, frameSets) {
  const socket = io({ transports: ["websocket"], reconnectionDelay: 300, reconnectionDelayMax: 2000 });
  const sendSeen = (count) => socket.connected && socket.emit("seen", count);
  let acknowledge = acknowledger(sendSeen);
  let watching = null;

  const watch = () => {
    const state = store.get();
    const { chosen } = state;
    if (state.page.status !== "connected" || chosen === watching || chosenSession(state)?.awaited) return;
    watching = chosen;
    if (chosen !== null) socket.emit("watch", { session: chosen });
  };

  for (const type of MESSAGES) {
    socket.on(type, (body) => {
      if (type === "welcome") {
        watching = null;
        frameSets.forgetFailures();
        loadKeys(store);
        acknowledge = acknowledger(sendSeen);
      }
      if (type === "preview") frameSets.addPreview(body);
      store.dispatch({ ...body, type, now: Date.now() });
      watch();
      acknowledge(type === "preview");
    });
  }
  socket.on("disconnect", () => store.dispatch({ type: "page", status: "lost", now: Date.now() }));
  socket.on("connect_error", () => {
    if (store.get().page.status === "connecting") store.dispatch({ type: "page", status: "lost", now: Date.now() });
    goToLoginIfAsked();
  });
  store.subscribe(watch);
  return socket;
}

/** A daemon that was restarted has forgotten this device's login. */
async function goToLoginIfAsked() {
  const response = await fetch("/api/state", { method: "HEAD" }).catch(() => null);
  if (response?.status === 401) location.replace("/login");
}

/**
 * Count messages; send the count once for each painted frame with a preview, for only previews wait for it; at once where the
 * page is hidden and nothing is painted.
 */
function acknowledger(sendSeen) {
  let count = 0;
  let sent = 0;
  let due = false;
  const flush = () => {
    due = false;
    sent = count;
    sendSeen(count);
  };
  return (isPreview) => {
    count += 1;
    if (due || (!isPreview && count - sent < MAX_UNACKNOWLEDGED)) return;
    due = true;
    if (document.hidden) flush();
    else requestAnimationFrame(() => setTimeout(flush));
  };
}

/** Load the key bindings, again after each connection: the file may have changed meanwhile. */
export async function loadKeys(store) {
  const response = await fetch("/api/keys").catch(() => null);
  if (response?.ok) store.dispatch({ type: "keymap", ...(await response.json()) });
}
