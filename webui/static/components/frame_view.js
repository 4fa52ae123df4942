/** View of the current frame set: its screenshot, the buttons that move through the session, and its memory in little. */
import { html, useLayoutEffect, useRef } from "../vendor/htm-preact/standalone.module.js";
import { CONSOLE } from "../state/console.js";
import { countedSets, formatNumber, playTime } from "../state/format.js";
import { hintOf } from "../state/keys.js";
import { pictureFactor } from "../state/layout.js";
import { lastOf } from "../state/ranges.js";
import { framesPerSet, isPictureMissing } from "../state/selectors.js";
import { useSize } from "./hooks.js";
import { Icon, KeyHint } from "./icons.js";
import { PlayButton, PlayOptions } from "./player.js";
import { leaveFocus } from "./roving.js";
import { MemoryStrip } from "./memory/memory_strip.js";

const { width: WIDTH, height: HEIGHT } = CONSOLE;

export function FrameView({ state, session, frameSet, memory, dispatch }) {
  return html`
    <section class="frame-view" aria-label="Current frame set">
      <${Screen} frameSet=${frameSet} state=${state} />
      <${Transport} state=${state} session=${session} dispatch=${dispatch} />
      <${MemoryStrip} session=${session} frameSet=${frameSet} memory=${memory} dispatch=${dispatch} />
    </section>
  `;
}

/** The screenshot at a whole number of device pixels for each of the game's, drawn over the one before, so that it never blinks. */
export function Screen({ frameSet, state }) {
  const [frame, size] = useSize();
  const canvas = useRef(null);
  const order = useRef({ begun: 0, drawn: 0 });
  const scale = pictureFactor(size, window.devicePixelRatio || 1);
  const screenshot = frameSet?.screenshot ?? null;

  useLayoutEffect(() => {
    if (screenshot === null) return;
    // Pictures are decoded slower than they can follow each other: the newest that is ready is drawn.
    const mine = (order.current.begun += 1);
    createImageBitmap(screenshot, { colorSpaceConversion: "none" }).then((bitmap) => {
      const target = canvas.current;
      if (mine > order.current.drawn && target !== null) {
        order.current.drawn = mine;
        if (target.width !== bitmap.width) target.width = bitmap.width;
        if (target.height !== bitmap.height) target.height = bitmap.height;
        target.getContext("2d").drawImage(bitmap, 0, 0);
        target.dataset.set = frameSet.id;
      }
      bitmap.close();
    });
  }, [screenshot]);

  return html`
    <div class="screen" ref=${frame}>
      <div class="screen-bezel" style=${{ width: `${WIDTH * scale}px`, height: `${HEIGHT * scale}px` }}>
        <canvas
          ref=${canvas}
          width=${WIDTH}
          height=${HEIGHT}
          role="img"
          aria-label=${frameSet === undefined ? "No frame set" : `Screenshot of frame set ${formatNumber(frameSet.id)}`}
        ></canvas>
        ${frameSet !== undefined && screenshot === null && html`<p class="no-screenshot">Frame set ${formatNumber(frameSet.id)} has no screenshot.</p>`}
        ${frameSet === undefined && html`<p class="no-screenshot">${reasonOfNoPicture(state)}</p>`}
      </div>
    </div>
  `;
}

function reasonOfNoPicture(state) {
  if (state.selected === null) return "No frame sets yet.";
  if (!isPictureMissing(state)) return "";
  const set = `Frame set ${formatNumber(state.selected)}`;
  return state.missing.problem ? `${set} is not loaded.` : `${set} is being loaded.`;
}

function Transport({ state, session, dispatch }) {
  const { selected, following, watched } = state;
  const last = watched === null ? null : lastOf(watched.ranges);
  const behind = last !== null && selected !== null ? last - selected : 0;
  const isEmpty = selected === null;
  const isEnded = session?.state === "ended";
  const hint = (name) => hintOf(state.keys, name);
  return html`
    <div class="transport" role="group" aria-label="Move through the session">
      <${Step} name="first" label="First frame set" hint=${hint("first")} disabled=${isEmpty} onClick=${() => dispatch({ type: "first" })} />
      <${Step} name="previous" label="Previous frame set" hint=${hint("previous")} disabled=${isEmpty} onClick=${() => dispatch({ type: "step", by: -1 })} />
      <${PlayButton} state=${state} dispatch=${dispatch} />
      <${Step} name="next" label="Next frame set" hint=${hint("next")} disabled=${isEmpty} onClick=${() => dispatch({ type: "step", by: 1 })} />
      <output class="place" aria-live="off">
        <span>Set <b>${isEmpty ? "–" : formatNumber(selected)}</b></span>
        <span>${isEmpty ? "" : playTime(selected * framesPerSet(session))}</span>
      </output>
      <${PlayOptions} state=${state} dispatch=${dispatch} />
      <button
        class="button follow"
        aria-pressed=${following}
        title="${followTitle(isEnded, following)} (${hint("follow")})"
        onMouseDown=${leaveFocus}
        onClick=${() => dispatch({ type: "follow" })}
      >
        <${Icon} name="live" />
        ${followText(isEnded, following)}
        ${!following && behind > 0 && html`<span class="behind">${countedSets(behind)} ${isEnded ? "before it" : "behind"}</span>`}
        <${KeyHint} keys=${state.keys} name="follow" />
      </button>
      <button class="button" disabled=${isEmpty} title="Grid of frame sets (${hint("grid")})" onClick=${() => dispatch({ type: "toggleGrid" })}>
        Grid <${KeyHint} keys=${state.keys} name="grid" />
      </button>
    </div>
  `;
}

function followText(isEnded, following) {
  if (isEnded) return following ? "At the end" : "To the end";
  return following ? "Following live" : "Follow live";
}

function followTitle(isEnded, following) {
  if (!isEnded) return "Follow live";
  return following ? "The next session opens here when it starts" : "To the end of the session";
}

const Step = ({ name, label, hint, disabled, onClick }) => html`
  <button class="button icon-button" aria-label=${label} title="${label} (${hint})" disabled=${disabled} onMouseDown=${leaveFocus} onClick=${onClick}>
    <${Icon} name=${name} />
  </button>
`;
