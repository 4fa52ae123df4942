/** Parts of the page around the picture, which are here only after the first picture. */
export { FilmStrip } from "./film_strip.js";
export { SetGrid } from "./deferred_views.js";
export { MemoryStrip } from "./memory/memory_strip.js";
export { Overlays } from "./overlays.js";
export { SessionsRail } from "./sessions_rail.js";
export { SidePanel } from "./side_panel.js";
export { Transport } from "./transport.js";
