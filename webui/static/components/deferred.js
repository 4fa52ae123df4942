/** Deferred components: their module and style sheet are fetched when they are first shown, or when the browser has time for it. */
import { html, useEffect, useState } from "../vendor/htm-preact/standalone.module.js";

/** Time in ms after which a module that could not be fetched is asked for again. */
const RETRY_MS = 2000;

const fetches = [];
const sheets = new Map();

/**
 * A component that stands for another one.
 * @param {() => Promise<object>} load imports its module
 * @param {string} name of the component in it
 * @param {string} sheet style sheet that it needs besides `main.css`
 */
export function deferred(load, name, sheet) {
  let Component = null;
  let fetched = null;
  const fetchOnce = () => {
    fetched ??= Promise.all([load(), styleSheet(sheet)]).then(
      ([module]) => {
        Component = module[name];
      },
      () => {
        fetched = null;
      },
    );
    return fetched;
  };
  fetches.push(fetchOnce);

  return function Deferred(props) {
    const [tries, setTries] = useState(0);
    useEffect(() => {
      if (Component !== null) return undefined;
      let timer = null;
      let isShown = true;
      fetchOnce().then(() => {
        if (isShown) timer = setTimeout(() => setTries(tries + 1), Component === null ? RETRY_MS : 0);
      });
      return () => {
        isShown = false;
        clearTimeout(timer);
      };
    }, [tries]);
    if (Component !== null) return html`<${Component} ...${props} />`;
    return tries > 0 && html`<p class="quiet" role="status">This view is not here yet. It is asked for again.</p>`;
  };
}

/** Fetch all that is not here yet once the browser has nothing else to do, so that no view makes anybody wait. */
export function fetchDeferred() {
  const fetchAll = () => fetches.forEach((fetchOne) => fetchOne());
  if (window.requestIdleCallback) requestIdleCallback(fetchAll, { timeout: 3000 });
  else setTimeout(fetchAll, 500);
}

function styleSheet(name) {
  if (!sheets.has(name)) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL(`../style/${name}.css`, import.meta.url);
    sheets.set(name, new Promise((resolve) => Object.assign(link, { onload: resolve, onerror: resolve })));
    document.head.append(link);
  }
  return sheets.get(name);
}
