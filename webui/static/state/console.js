/** The traced console, as the page server describes it: `name`, `width` and `height` in pixels, `frames_per_second`. */
export const CONSOLE = JSON.parse(document.getElementById("console").textContent);
