/** Button that opens a panel below it. */
import { html, useEffect, useRef } from "../vendor/htm-preact/standalone.module.js";

/** A button in the panel, Escape, and a press or the focus elsewhere close it; boxes to tick leave it open. */
export function Menu({ label, title, children }) {
  const details = useRef(null);
  const close = () => {
    details.current.open = false;
  };
  useEffect(() => {
    const onPress = (event) => !details.current.contains(event.target) && close();
    document.addEventListener("pointerdown", onPress);
    return () => document.removeEventListener("pointerdown", onPress);
  }, []);
  const onKeyDown = (event) => {
    if (event.key !== "Escape" || !details.current.open) return;
    event.stopPropagation();
    close();
    details.current.querySelector("summary").focus();
  };
  const onFocusOut = (event) => {
    if (event.relatedTarget !== null && !details.current.contains(event.relatedTarget)) close();
  };
  const onClick = (event) => event.target.closest(".menu-panel button") && close();
  return html`
    <details class="menu" ref=${details} onKeyDown=${onKeyDown} onFocusOut=${onFocusOut} onClick=${onClick}>
      <summary class="button" title=${title}><span class="ellipsis">${label}</span></summary>
      <div class="menu-panel">${children}</div>
    </details>
  `;
}
