/** Traced console: `name`, `width` and `height` in pixels, `frames_per_second`, names of its `buttons`. */
export const CONSOLE = JSON.parse(document.getElementById("console").textContent);

/** The buttons in a recorded text such as `A+Right` or `A+Right | B`. */
export const buttonsOf = (keys) => keys.split(/ \| |\+/).filter(Boolean);
