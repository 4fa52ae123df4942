/** What is known of a frame set beside its picture and its memory changes. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { clockMillis, clockSeconds, count, words } from "../state/format.js";
import { eventTone } from "../state/selectors.js";

const NO_CONFIG = "The buttons have no meanings: put a game config with the ROM's hash into game_configs in the data folder.";

export function Facts({ shown, events, config }) {
  if (shown === undefined) return html`<dl class="facts"></dl>`;
  const here = events.filter((event) => event.frame_set_id === shown.id);
  return html`
    <dl class="facts">
      <dt>Frames</dt>
      <dd>${count(shown.frames[0])} – ${count(shown.frames[shown.frames.length - 1])}</dd>
      <dt>Time</dt>
      <dd>${clockMillis(shown.timestamp)}</dd>
      <dt>Held</dt>
      <dd>${shown.keys === "" ? html`<span class="quiet">nothing</span>` : shown.keys.replaceAll("+", " + ")}</dd>
      <dt>PC</dt>
      <dd class="mono">${shown.pc ?? "—"}</dd>
      <dt>Set</dt>
      <dd>${shown.whole ? "whole" : html`<span class="warning">${shown.flaws.join("; ") || "not whole"}</span>`}</dd>
      <dt>Game config</dt>
      <dd>${config === "" ? html`<span class="warning" title=${NO_CONFIG}>none</span>` : (config ?? "")}</dd>
      ${here.map(
        (event) => html`
          <dt key="${event.time}${event.name}t">Event</dt>
          <dd key="${event.time}${event.name}"><span class="event" data-tone=${eventTone(event.name)}>${words(event.name)}</span> ${clockSeconds(event.time)}</dd>
        `,
      )}
    </dl>
  `;
}
