/** View of the current frame set: its screenshot, and the buttons that move through the session. */
import { html, useLayoutEffect, useRef } from "../vendor/htm-preact/standalone.module.js";
import { CONSOLE } from "../state/console.js";
import { formatNumber, playTime } from "../state/format.js";
import { hintOf } from "../state/keys.js";
import { lastOf } from "../state/ranges.js";
import { framesPerSet, isPictureMissing } from "../state/selectors.js";
import { useSize } from "./hooks.js";
import { Icon, KeyHint } from "./icons.js";

const { width: WIDTH, height: HEIGHT } = CONSOLE;

export function FrameView({ state, session, frameSet, dispatch }) {
  return html`
    <section class="frame-view" aria-label="Current frame set">
      <${Screen} frameSet=${frameSet} state=${state} />
      <${Transport} state=${state} session=${session} dispatch=${dispatch} />
    </section>
  `;
}

/** The screenshot at a whole number of device pixels for each of the game's, drawn over the one before, so that it never blinks. */
export function Screen({ frameSet, state }) {
  const [frame, size] = useSize();
  const canvas = useRef(null);
  const ratio = window.devicePixelRatio || 1;
  const scale = Math.max(1, Math.floor(Math.min(size.width / WIDTH, size.height / HEIGHT) * ratio)) / ratio;
  const screenshot = frameSet?.screenshot ?? null;

  useLayoutEffect(() => {
    if (screenshot === null) return undefined;
    let current = true;
    createImageBitmap(screenshot, { colorSpaceConversion: "none" }).then((bitmap) => {
      const target = canvas.current;
      if (current && target !== null) {
        if (target.width !== bitmap.width) target.width = bitmap.width;
        if (target.height !== bitmap.height) target.height = bitmap.height;
        target.getContext("2d").drawImage(bitmap, 0, 0);
        target.dataset.set = frameSet.id;
      }
      bitmap.close();
    });
    return () => {
      current = false;
    };
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
  const hint = (name) => hintOf(state.keys, name);
  return html`
    <div class="transport" role="group" aria-label="Move through the session">
      <${Step} name="first" label="First frame set" hint=${hint("first")} disabled=${isEmpty} onClick=${() => dispatch({ type: "first" })} />
      <${Step} name="previous" label="Previous frame set" hint=${hint("previous")} disabled=${isEmpty} onClick=${() => dispatch({ type: "step", by: -1 })} />
      <output class="place" aria-live="off">
        <b>${isEmpty ? "–" : formatNumber(selected)}</b>
        <span>${isEmpty ? "" : playTime(selected * framesPerSet(session))}</span>
      </output>
      <${Step} name="next" label="Next frame set" hint=${hint("next")} disabled=${isEmpty} onClick=${() => dispatch({ type: "step", by: 1 })} />
      <button
        class="button follow"
        aria-pressed=${following}
        title="Follow live (${hint("follow")})"
        onClick=${() => dispatch({ type: "follow" })}
      >
        <${Icon} name="live" />
        ${followText(session?.state === "ended", following)}
        ${!following && behind > 0 && html`<span class="behind">${formatNumber(behind)} behind</span>`}
        <${KeyHint} keys=${state.keys} name="follow" />
      </button>
    </div>
  `;
}

function followText(ended, following) {
  if (ended) return following ? "Waiting for live" : "To the end";
  return following ? "Following live" : "Follow live";
}

const Step = ({ name, label, hint, disabled, onClick }) => html`
  <button class="button icon-button" aria-label=${label} title="${label} (${hint})" disabled=${disabled} onClick=${onClick}>
    <${Icon} name=${name} />
  </button>
`;
