/**
 * Outbox of label commands: sent in order, kept until confirmed, across reloads too.
 *
 * A command that was not confirmed when the connection broke is sent again with the same `command_id`, so that the daemon carries
 * it out once.
 */
import { countedSets } from "../state/format.js";
import { turnQuestion } from "../state/large_edits.js";

const STORAGE_KEY = "gbatrace.outbox";
const ANSWER_TIMEOUT_MS = 125_000;
const RETRY_MS = 1000;

/** Longest command, in bytes: the page server ends a connection that sends more at once. */
const MAX_BYTES = 240_000;

export class LabelOutbox {
  #socket;
  #store;
  #origin;
  #waiting = restored();
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
      if (this.#waiting.length > 0 || store.get().draft?.sent === false) event.preventDefault();
    });
    this.#save();
    this.#flush();
  }

  /** @param {import("../state/label_commands.js").LabelCommand[]} commands */
  send(commands) {
    for (const { command, body } of commands) {
      const signed = { ...body, who: this.#store.get().userName, origin: this.#origin, command_id: newId() };
      if (new Blob([JSON.stringify(signed)]).size > MAX_BYTES) {
        this.#store.dispatch({ type: "refused", message: "Too large for one command. Choose fewer separate sets, or a shorter text." });
        return;
      }
      this.#waiting.push({ command, body: signed });
    }
    this.#save();
    this.#flush();
  }

  #flush() {
    const [next] = this.#waiting;
    if (next === undefined || this.#sending !== null || !this.#socket.connected) return;
    this.#sending = next;
    this.#socket.timeout(ANSWER_TIMEOUT_MS).emit(next.command, next.body, (error, answer) => {
      if (this.#sending !== next) return;
      this.#sending = null;
      if (error || answer.again) {
        setTimeout(() => this.#flush(), RETRY_MS);
        return;
      }
      this.#waiting = this.#waiting.filter((item) => item !== next);
      this.#save();
      this.#store.dispatch(answer.ok ? resultAction(next, answer.result) : { type: "refused", message: answer.message });
      this.#flush();
    });
  }

  #save() {
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify(this.#waiting));
    this.#store.dispatch({ type: "outbox", commands: this.#waiting });
  }
}

/** Commands that were not confirmed before a reload. */
function restored() {
  try {
    return JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? "[]");
  } catch {
    return [];
  }
}

/** A random id. `crypto.randomUUID` is missing where a page comes over plain HTTP from another machine. */
const newId = () => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** The action that shows the result of a command, or asks whether it is really meant. */
function resultAction({ command, body }, result) {
  if (result.held === undefined) return { type: "notice", text: resultOf({ command, body }, result) };
  return { type: "ask", question: { ...turnQuestion(command, result.held), action: { type: command, session: body.session, agreed: true } } };
}

/** The result of a command as a sentence. */
function resultOf({ command, body }, { changed, of, missing = [] }) {
  if (command === "edit_label_set") return "Label set saved.";
  if (command === "latch") return Object.values(body.labels).some((value) => value.length > 0) ? "Latched for every new set." : "Latch cleared.";
  if (command === "label") {
    const lost = missing.length ? ` ${countedSets(missing.length)} no longer on disk.` : "";
    return `${changed === 0 ? "No change." : `Labelled ${countedSets(changed)}.`}${lost}`;
  }
  if (command === "take_suggestions") return changed === 0 ? "Nothing to take here any more." : `Suggested labels taken for ${countedSets(changed)}.`;
  if (command === "snap") return changed === 0 ? "No end of a run moves." : `Ends of runs snapped: ${countedSets(changed)} labelled anew.`;
  if (of === null) return `You have nothing to ${command}.`;
  const done = command === "undo" ? "Undone" : "Redone";
  return changed === 0 ? `Not ${done.toLowerCase()}: the labels were changed since.` : `${done} in ${countedSets(changed)}.`;
}
