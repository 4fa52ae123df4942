/** Hook for a watched value: the value now, and its steps in a part of the recording. */
import { useEffect, useMemo, useRef } from "../../vendor/htm-preact/standalone.module.js";
import { hex } from "../../state/changes.js";
import { positionOf } from "../../state/memory/addresses.js";
import { valueAt } from "../../state/memory/memory_image.js";
import { stepsQuestion, withSamples } from "../../state/memory/steps.js";

/** Time in ms after which the steps in a session that goes on are asked for again. */
const LIVE_MS = 2000;
/** Values seen live that are kept for the end of a curve. */
const MAX_SAMPLES = 600;

/**
 * @param {{name: import("../../state/memory/name_index.js").Name, extent: {first: number, last: number}}} props
 * @returns {{position: number | null, value: number | null, steps: import("../../state/memory/steps.js").Steps}} `position`: null
 *   where the address is not recorded
 */
export function useWatched({ name, state, session, memory, client, extent }) {
  const { watched, chosen } = state;
  const position = positionOf(session?.regions ?? [], name.address);
  const value = memory === undefined || position === null ? null : valueAt(memory, position, name.type);
  const question = stepsQuestion(hex(name.address), name.type, extent, watched?.ranges ?? []);
  useEffect(() => {
    if (position !== null && watched !== null) client.ask(chosen, question, session?.state === "live" ? LIVE_MS : undefined);
  });
  const steps = useSteps(client.answer(chosen, question), memory, value, `${chosen} ${name.address} ${name.type}`);
  return { position, value, steps };
}

/** The steps as fetched, and what was seen live since; the last ones until others have come. */
function useSteps(answer, memory, value, key) {
  const held = useRef({ key: "", answer: { numbers: [], values: [] }, samples: [] });
  if (held.current.key !== key) held.current = { key, answer: { numbers: [], values: [] }, samples: [] };
  const { current } = held;
  if (answer !== undefined) current.answer = answer;
  const last = current.samples[current.samples.length - 1];
  if (memory?.derived && memory.number > (last?.number ?? -1)) current.samples = [...current.samples.slice(1 - MAX_SAMPLES), { number: memory.number, value }];
  return useMemo(() => withSamples(current.answer, current.samples), [current.answer, current.samples]);
}
