/** Deferred parts of the page: a module and its style sheet are fetched when they are first wanted, or when the browser has time. */
import { html, useEffect, useState } from "../vendor/htm-preact/standalone.module.js";

/** Time in ms after which a module that could not be fetched is asked for again. */
export const RETRY_MS = 2000;

const fetches = [];
const sheets = new Map();

/**
 * Fetch a module and the style sheet that it needs besides `main.css`; null where one of them could not be fetched.
 * @param {() => Promise<object>} load imports the module
 * @param {string} sheet
 */
export const fetchPart = (load, sheet) =>
  Promise.all([load(), styleSheet(sheet)]).then(
    ([module]) => module,
    (error) => {
      console.warn(error);
      return null;
    },
  );

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
    fetched ??= fetchPart(load, sheet).then((module) => {
      Component = module?.[name] ?? null;
      if (module === null) fetched = null;
    });
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
    return (
      tries > 0 &&
      html`<p class="quiet not-fetched" role="status">
        This view could not be fetched. It is asked for again every two seconds.
        <button class="button" onClick=${() => location.reload()}>Load the page again</button>
      </p>`
    );
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
    const loaded = new Promise((resolve, reject) => Object.assign(link, { onload: resolve, onerror: () => reject(new Error(`${name}.css could not be fetched`)) }));
    loaded.catch(() => {
      sheets.delete(name);
      link.remove();
    });
    sheets.set(name, loaded);
    document.head.append(link);
  }
  return sheets.get(name);
}
