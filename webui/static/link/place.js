/** The place a user is at, kept in the address bar, so that a reload or a link comes back to it: `#session` or `#session/set`. */

/** @returns {{session: string | null, set: number | null}} */
export const readPlace = () => placeIn(location.href);

/** Go where the address bar is pointed while the page is open. @param {(place: {session: string, set: number}) => void} go */
export function watchPlace(go) {
  // Taken from the event: by now the bar may say again where the page is.
  addEventListener("hashchange", (event) => {
    const place = placeIn(event.newURL);
    if (place.session !== null && place.set !== null) go(place);
  });
}

function placeIn(address) {
  const [session, set] = decoded(new URL(address).hash.slice(1)).split("/");
  return { session: session || null, set: /^\d+$/.test(set ?? "") ? Number(set) : null };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Write the place where the user has chosen one; who follows live has none. */
export function writePlace({ chosen, selected, following }) {
  const place = following || chosen === null || selected === null ? "" : `#${encodeURIComponent(chosen)}/${selected}`;
  if (place !== location.hash) history.replaceState(null, "", place || location.pathname);
}
