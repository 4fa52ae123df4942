/**
 * Label commands on their way to the daemon: one after the other, kept until they are confirmed, over a reload too. Whatever is
 * not confirmed when the line breaks is sent again; labelling the same sets the same way twice changes nothing. An undo is not
 * repeated, for it would undo one thing more.
 */
const KEPT = "gbatrace.outbox";
const PATIENCE = 125_000;
const PAUSE = 1000;
const ONCE = ["undo", "redo"];

export class LabelLine {
  #socket;
  #store;
  #origin;
  #waiting = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
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
      if (ONCE.includes(this.#sending?.command)) this.#done(this.#sending);
      this.#sending = null;
    });
    addEventListener("beforeunload", (event) => this.#waiting.length > 0 && event.preventDefault());
    this.#keep();
  }

  /** @param {import("../state/wishes.js").Wish[]} wishes */
  send(wishes) {
    for (const { command, body } of wishes) {
      this.#waiting.push({ command, body: { ...body, who: this.#store.get().who, origin: this.#origin } });
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

const sets = (count) => (count === 1 ? "1 set" : `${count} sets`);

function saidOf({ command, body }, result) {
  if (command === "latch") return Object.values(body.labels).some((value) => value.length > 0) ? "Flows from now on." : "Flows no more.";
  if (command === "undo") return result.of === null ? "Nothing of yours to undo." : `Undone in ${sets(result.changed)}.`;
  if (command === "redo") return result.of === null ? "Nothing of yours to do again." : `Done again in ${sets(result.changed)}.`;
  const missing = result.missing?.length ? ` ${sets(result.missing.length)} are gone.` : "";
  return `${result.changed === 0 ? "They had that already." : `Labelled ${sets(result.changed)}.`}${missing}`;
}
