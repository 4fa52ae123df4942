/** The place a user is at, kept in the address bar, so that a reload or a link comes back to it: `#session` or `#session/set`. */

/** @returns {{session: string | null, set: number | null}} */
export function readPlace() {
  const [session, set] = decodeURIComponent(location.hash.slice(1)).split("/");
  return { session: session || null, set: /^\d+$/.test(set ?? "") ? Number(set) : null };
}

/** Write the place where the user has chosen one; who follows live has none. */
export function writePlace({ chosen, selected, following }) {
  const place = following || chosen === null || selected === null ? "" : `#${chosen}/${selected}`;
  if (place !== location.hash) history.replaceState(null, "", place || location.pathname);
}
