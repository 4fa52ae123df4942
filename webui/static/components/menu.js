/** Button that opens a panel below it. */
import { html, useRef } from "../vendor/htm-preact/standalone.module.js";

/** Escape, and the focus elsewhere, close it. */
export function Menu({ label, title, children }) {
  const details = useRef(null);
  const close = () => {
    details.current.open = false;
  };
  const onKeyDown = (event) => {
    if (event.key !== "Escape" || !details.current.open) return;
    event.stopPropagation();
    close();
    details.current.querySelector("summary").focus();
  };
  const onFocusOut = (event) => {
    if (event.relatedTarget !== null && !details.current.contains(event.relatedTarget)) close();
  };
  return html`
    <details class="menu" ref=${details} onKeyDown=${onKeyDown} onFocusOut=${onFocusOut}>
      <summary class="button" title=${title}><span class="ellipsis">${label}</span></summary>
      <div class="menu-panel">${children}</div>
    </details>
  `;
}
