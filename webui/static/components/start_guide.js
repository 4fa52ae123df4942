/** Instructions to start BizHawk. */
import { html, useState } from "../vendor/htm-preact/standalone.module.js";
import { ConsoleButtons } from "./console_buttons.js";
import { copyText } from "./hooks.js";
import { Icon } from "./icons.js";

export function StartGuide({ link, status }) {
  if (status?.advice || !link.launch) {
    return html`<div class="start">
      <h2>${status?.text}</h2>
      <p>${status?.advice}</p>
    </div>`;
  }
  return html`
    <div class="start">
      <${ConsoleButtons} keys="" />
      <h2>Waiting for BizHawk</h2>
      <p>Start it like this and play. The session opens here by itself.</p>
      <${Command} text=${link.launch} />
      <p class="quiet">
        <code>gbatrace play GAME.gba</code> does all of this with one command. Without BizHawk, <code>gbatrace demo</code> plays a small game that comes with gbatrace, traced by the same script.
      </p>
    </div>
  `;
}

/** An argument of a command line, with quoted parts. */
const ARGUMENT = /(?:[^\s"']+|"[^"]*"|'[^']*')+/g;

function Command({ text }) {
  const [result, setResult] = useState("");
  const copy = async () => setResult((await copyText(text)) ? "Copied" : "Select the text and copy it");
  return html`
    <div class="command">
      <code tabindex="0">${text.match(ARGUMENT).map((argument) => html`<span>${argument}</span>${" "}`)}</code>
      <button class="button" onClick=${copy}><${Icon} name="copy" /> <span aria-live="polite">${result || "Copy"}</span></button>
    </div>
  `;
}
