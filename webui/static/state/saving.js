/** Label commands that the daemon has not confirmed: how far they are, in words. Pure. */
import { formatNumber } from "./format.js";
import { countOf } from "./ranges.js";

/**
 * `waiting`: number of commands; `first`: the `command_id` of the one under way; `next`: the commands after it; `done`, `of`: frame
 * sets of the first that are saved, and all of it, 0 where that is not known.
 */
export const NOTHING_WAITING = { waiting: 0, first: "", next: [], done: 0, of: 0 };

/** The commands that wait. @param {import("./label_commands.js").LabelCommand[]} commands in order */
export function waitingOf(commands, before = NOTHING_WAITING) {
  if (commands.length === 0) return NOTHING_WAITING;
  const [{ body }, ...rest] = commands;
  const next = rest.map(({ command }) => command);
  const waiting = commands.length;
  return body.command_id === before.first ? { ...before, waiting, next } : { waiting, first: body.command_id, next, done: 0, of: namedBy(body) };
}

const namedBy = ({ ranges, parts }) => countOf(ranges ?? parts?.flatMap((part) => part.ranges ?? []) ?? []);

/** With the progress that a publication of labels reports, where it is that of the first command. @param {{command_id?: string, saved?: number, of?: number}} body */
export const withProgress = (outbox, { command_id: id, saved, of }) =>
  outbox.first !== "" && id === outbox.first && saved !== undefined ? { ...outbox, done: saved, of } : outbox;

/** `Saving 1,550 of 2,803, then undo.` @param {boolean} isConnected to the page server, and that to the daemon */
export function waitingInWords({ waiting, next, done, of }, isConnected) {
  if (!isConnected) {
    const labels = waiting === 1 ? "1 label is not saved yet. It is" : `${formatNumber(waiting)} labels are not saved yet. They are`;
    return `${labels} kept here and sent again.`;
  }
  const far = of > 1 ? ` ${formatNumber(done)} of ${formatNumber(of)}` : "";
  const undo = next.length === 1 && ["undo", "redo"].includes(next[0]) ? `, then ${next[0]}` : "";
  const more = next.length > 0 && undo === "" ? `, then ${formatNumber(next.length)} more` : "";
  return `Saving${far}${undo}${more}.`;
}
