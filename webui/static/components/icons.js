/** Icons, drawn on a grid of 16, and key hints. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { hintOf } from "../state/keys.js";

const PATHS = {
  sessions: "M2.5 3.5h11M2.5 8h11M2.5 12.5h11",
  first: "M4 3.5v9M12.5 3.5 6.5 8l6 4.5z",
  previous: "M10 3.5 5.5 8l4.5 4.5",
  next: "m6 3.5 4.5 4.5L6 12.5",
  play: "m4 2.5 9 5.5-9 5.5z",
  pause: "M5.5 3v10M10.5 3v10",
  loop: "M2.8 7a5.3 5.3 0 0 1 9.4-2.4L13 6M13 2.8V6H9.8M13.2 9a5.3 5.3 0 0 1-9.4 2.4L3 10M3 13.2V10h3.2",
  live: "m3.5 3.5 6 4.5-6 4.5zM12 3.5v9",
  keys: "M6 6.2a2 2 0 1 1 2.6 1.9c-.4.2-.6.5-.6.9v.5M8 11.8v.2",
  auto: "M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11",
  dark: "M13 9.6A5.4 5.4 0 0 1 6.4 3 5.4 5.4 0 1 0 13 9.6z",
  light: "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6zM8 1.5v1.4M8 13.1v1.4M1.5 8h1.4M13.1 8h1.4M3.4 3.4l1 1M11.6 11.6l1 1M3.4 12.6l1-1M11.6 4.4l1-1",
  copy: "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z",
  checked: "m3 8.5 3.5 3.5L13 4.5",
  unchecked: "M4 4h8v8H4z",
  zoomIn: "M8 3v10M3 8h10",
  zoomOut: "M3 8h10",
  undo: "M6 3 2.8 6.2 6 9.4M3 6.2h6.2a3.6 3.6 0 0 1 0 7.2H6",
  redo: "m10 3 3.2 3.2L10 9.4M13 6.2H6.8a3.6 3.6 0 0 0 0 7.2H10",
  latch: "M2 8h9M8 4.5 11.5 8 8 11.5M14 3.5v9",
  edit: "M3 13l.6-2.8 7-7 2.2 2.2-7 7zM9.4 4.4l2.2 2.2",
  close: "m4.5 4.5 7 7M11.5 4.5l-7 7",
};

export const Icon = ({ name }) => html`
  <svg class="icon" data-icon=${name} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d=${PATHS[name]} /></svg>
`;

/** The first key of an action; empty where it has none. */
export function KeyHint({ keys, name }) {
  const hint = hintOf(keys, name);
  return hint && html`<kbd aria-hidden="true">${hint}</kbd>`;
}
