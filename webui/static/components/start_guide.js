/** How to start BizHawk so that a session opens. */
import { html, useState } from "../vendor/htm-preact/standalone.module.js";
import { copyText, useFocusBack } from "./hooks.js";
import { Icon } from "./icons.js";
import { Pad } from "./console_buttons.js";

export function StartGuide({ link, situation }) {
  if (situation?.advice || !link.launch) {
    return html`<div class="start">
      <h2>${situation?.text}</h2>
      <p>${situation?.advice}</p>
    </div>`;
  }
  return html`
    <div class="start">
      <${Pad} keys="" />
      <h2>Waiting for BizHawk</h2>
      <p>Start it like this and play. The session opens here by itself.</p>
      <${Command} text=${link.launch} />
      <p class="quiet">
        <code>gbatrace play GAME.gba</code> does all of it with one command. No BizHawk at hand? <code>gbatrace demo</code> plays a small game that comes with gbatrace, with the very same script.
      </p>
    </div>
  `;
}

export function StartDialog({ link, dispatch }) {
  useFocusBack();
  return html`
    <div class="overlay" onClick=${() => dispatch({ type: "overlay", name: null })}>
      <div class="dialog" role="dialog" aria-modal="true" aria-label="Start BizHawk" onClick=${(event) => event.stopPropagation()}>
        <${StartGuide} link=${link} />
        <button class="button" onClick=${() => dispatch({ type: "overlay", name: null })}>Close <kbd>Esc</kbd></button>
      </div>
    </div>
  `;
}

/** A word of a command line, with whatever stands in quotes of either kind. */
const ARGUMENT = /(?:[^\s"']+|"[^"]*"|'[^']*')+/g;

function Command({ text }) {
  const [said, setSaid] = useState("");
  const copy = async () => setSaid((await copyText(text)) ? "Copied" : "Select the text and copy it");
  return html`
    <div class="command">
      <code tabindex="0">${text.match(ARGUMENT).map((argument) => html`<span>${argument}</span>${" "}`)}</code>
      <button class="button" onClick=${copy}><${Icon} name="copy" /> <span aria-live="polite">${said || "Copy"}</span></button>
    </div>
  `;
}
