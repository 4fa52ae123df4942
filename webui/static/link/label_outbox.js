/**
 * Label commands on their way to the daemon: one after the other, kept until they are confirmed, over a reload too. Whatever is
 * not confirmed when the line breaks is sent again with the same `command_id`, by which the daemon knows what it has done already.
 */
import { newId } from "./ids.js";

const KEPT = "gbatrace.outbox";
const PATIENCE = 125_000;
const PAUSE = 1000;

/** Longest command, in bytes: the page server ends a line that carries more at once. */
const LONGEST = 240_000;

export class LabelLine {
  #socket;
  #store;
  #origin;
  #waiting = kept();
  #sending = null;

  /**
   * @param {{emit: Function, timeout: Function, connected: boolean, on: Function}} socket
   * @param {ReturnType<import("../state/store.js").createStore>} store
   * @param {string} origin `page` or `pad`, for the history
   */
  constructor(socket, store, origin) {
    this.#socket = socket;
    this.#store = store;
    this.#origin = origin;
    socket.on("welcome", () => this.#flush());
    socket.on("disconnect", () => {
      this.#sending = null;
    });
    addEventListener("beforeunload", (event) => {
      if (this.#waiting.length > 0 || store.get().writing?.sent === false) event.preventDefault();
    });
    this.#keep();
  }

  /** @param {import("../state/label_commands.js").Wish[]} wishes */
  send(wishes) {
    for (const { command, body } of wishes) {
      const signed = { ...body, who: this.#store.get().who, origin: this.#origin, command_id: newId() };
      if (new Blob([JSON.stringify(signed)]).size > LONGEST) {
        this.#store.dispatch({ type: "refused", message: "That is too much for one label. Choose fewer sets that lie apart, or a shorter text." });
        return;
      }
      this.#waiting.push({ command, body: signed });
    }
    this.#keep();
    this.#flush();
  }

  #flush() {
    const [next] = this.#waiting;
    if (next === undefined || this.#sending !== null || !this.#socket.connected) return;
    this.#sending = next;
    this.#socket.timeout(PATIENCE).emit(next.command, next.body, (error, answer) => {
      if (this.#sending !== next) return;
      this.#sending = null;
      if (error || answer.again) {
        setTimeout(() => this.#flush(), PAUSE);
        return;
      }
      this.#done(next);
      this.#store.dispatch(answer.ok ? { type: "said", text: saidOf(next, answer.result) } : { type: "refused", message: answer.message });
      this.#flush();
    });
  }

  #done(item) {
    this.#waiting = this.#waiting.filter((one) => one !== item);
    this.#keep();
  }

  #keep() {
    sessionStorage.setItem(KEPT, JSON.stringify(this.#waiting));
    this.#store.dispatch({ type: "outbox", waiting: this.#waiting.length });
  }
}

/** What was not confirmed before a reload. */
function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
  } catch {
    return [];
  }
}

const sets = (count) => (count === 1 ? "1 set" : `${count} sets`);

function saidOf({ command, body }, result) {
  if (command === "latch") return Object.values(body.labels).some((value) => value.length > 0) ? "Flows from now on." : "Flows no more.";
  if (command === "undo") return result.of === null ? "Nothing of yours to undo." : `Undone in ${sets(result.changed)}.`;
  if (command === "redo") return result.of === null ? "Nothing of yours to do again." : `Done again in ${sets(result.changed)}.`;
  const missing = result.missing?.length ? ` ${sets(result.missing.length)} are gone.` : "";
  return `${result.changed === 0 ? "They had that already." : `Labelled ${sets(result.changed)}.`}${missing}`;
}
