/** Header: session, connection status, rates and delays, buttons that concern the whole page. */
import { html, useEffect } from "../vendor/htm-preact/standalone.module.js";
import { formatNumber, rate } from "../state/format.js";
import { hintOf } from "../state/keys.js";
import { chosenSession, connectionStatus, hasNoSessions, isIdle, namesOf, rateOf } from "../state/selectors.js";
import { useNow } from "./hooks.js";
import { Icon } from "./icons.js";

const THEMES = { auto: "Colours: system", dark: "Colours: dark", light: "Colours: light" };

export function Header({ state, dispatch }) {
  const session = chosenSession(state);
  const { tone, text, advice } = connectionStatus(state);
  const [name, other] = session === undefined ? ["", ""] : namesOf(session);
  useEffect(() => {
    document.title = [name, text, "gbatrace"].filter(Boolean).join(" · ");
  }, [name, text]);
  return html`
    <header class="header" inert=${state.overlay !== null}>
      ${!hasNoSessions(state) &&
      html`<button
        class="button icon-button flat"
        aria-label="Sessions"
        aria-expanded=${state.rail}
        title="Sessions (${hintOf(state.keys, "sessions")})"
        onClick=${() => dispatch({ type: "rail" })}
      >
        <${Icon} name="sessions" />
      </button>`}
      ${session === undefined
        ? html`<h1 class="brand">gbatrace</h1>`
        : html`
            <span class="brand">gbatrace</span>
            <h1 class="title ellipsis" title=${session.session_id}>${name} ${other && html`<span class="title-other">${other}</span>`}</h1>
          `}
      <span class="chip" data-tone=${tone} role="status"><i class="dot"></i>${text}</span>
      ${isIdle(state) &&
      session !== undefined &&
      html`<button class="button" onClick=${() => dispatch({ type: "overlay", name: "start" })}>Start BizHawk</button>`}
      ${advice && !hasNoSessions(state) && html`<p class="advice ellipsis" role="status" title=${advice}>${advice}</p>`}
      <${Meters} state=${state} />
      <button
        class="button icon-button flat"
        aria-label=${THEMES[state.theme]}
        title="${THEMES[state.theme]} (${hintOf(state.keys, "theme")})"
        onClick=${() => dispatch({ type: "theme" })}
      >
        <${Icon} name=${state.theme} />
      </button>
      <button
        class="button icon-button flat"
        aria-label="Keys"
        title="Keys (?)"
        onClick=${() => dispatch({ type: "overlay", name: "keys" })}
      >
        <${Icon} name="keys" />
      </button>
    </header>
  `;
}

function Meters({ state }) {
  const now = useNow(500);
  const { delay, lag, dropped } = state.meter;
  const perSecond = rateOf(state, now);
  const delays = [
    delay !== null && `${delay} ms from the emulator's frame to the page server`,
    lag !== null && `${lag} ms from there to this screen`,
  ].filter(Boolean);
  const total = (delay ?? 0) + (lag ?? 0);
  return html`
    <div class="meters">
      ${dropped > 0 &&
      html`<span class="meter" data-meter="skipped" title="This browser was too slow to show them live. They are recorded: go there to see them.">
        <b>${formatNumber(dropped)}</b> recorded, not shown live
      </span>`}
      ${perSecond > 0 && html`<span class="meter" title="Frame sets recorded in a second">Recording <b>${rate(perSecond)}</b> sets/s</span>`}
      ${perSecond > 0 &&
      delays.length > 0 &&
      html`<span class="meter" title=${delays.join(", ")}>Picture <b>${formatNumber(total)}</b> ms behind the game</span>`}
    </div>
  `;
}
