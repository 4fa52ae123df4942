/** Where labels go: to the set in sight or those that are selected, to the last seconds, or onto whatever comes. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { count } from "../state/format.js";
import { countOf } from "../state/ranges.js";
import { Hint } from "./hint.js";

export function Scope({ state, session, dispatch }) {
  const { selection, scope, seconds, keys } = state;
  const many = selection === null ? 1 : countOf(selection.ranges);
  const one = many === 1 ? "This set" : `${count(many)} sets`;
  const set = (name) => dispatch({ type: "scope", scope: name });
  return html`
    <div class="scope" role="radiogroup" aria-label="Where labels go">
      <button class="segment" role="radio" aria-checked=${scope === "sets"} data-scope="sets" onClick=${() => set("sets")}>
        ${one} <${Hint} keys=${keys} name="scopeSets" />
      </button>
      <div class="segment recent" data-checked=${scope === "recent" ? "" : undefined}>
        <button role="radio" aria-checked=${scope === "recent"} aria-label="Last ${seconds} seconds" data-scope="recent" onClick=${() => set("recent")}>Last</button>
        <input
          class="seconds"
          type="number"
          min="1"
          max="600"
          aria-label="Seconds"
          value=${seconds}
          onInput=${(event) => dispatch({ type: "seconds", seconds: Number(event.currentTarget.value) })}
        />
        s <${Hint} keys=${keys} name="scopeRecent" />
      </div>
      <button
        class="segment"
        role="radio"
        aria-checked=${scope === "latch"}
        data-scope="latch"
        disabled=${session?.state === "ended"}
        onClick=${() => set("latch")}
      >
        From now on <${Hint} keys=${keys} name="scopeLatch" />
      </button>
    </div>
  `;
}
