/** What is wrong with files that labels depend on: label sets, game configs, the labels of the set in sight. */
import { html } from "../vendor/htm-preact/standalone.module.js";

export function Troubles({ state: { watched, selected } }) {
  const here = watched.damaged.find(([number]) => number === selected);
  return html`
    ${watched.offer?.problems.map((problem) => html`<p class="trouble" role="alert">${problem}</p>`)}
    ${here && html`<p class="trouble" role="alert">${here[1]}</p>`}
  `;
}
