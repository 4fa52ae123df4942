/** Polling of something about a session while it is in sight. */

/**
 * @param {ReturnType<import("../state/store.js").createStore>} store
 * @param {(state: object) => boolean} isShown
 * @param {(session: string, isWanted: () => boolean) => Promise<number>} ask fetches it and returns the pause in ms before the next
 *   time; `isWanted`: false once it is out of sight, or of another session
 */
export function pollSession(store, isShown, ask) {
  let polled = null;
  let turn = 0;
  let timer = 0;

  async function poll(session, mine) {
    const isWanted = () => mine === turn;
    const pause = await ask(session, isWanted);
    if (isWanted()) timer = setTimeout(() => poll(session, mine), pause);
  }

  store.subscribe(() => {
    const state = store.get();
    const session = isShown(state) ? state.chosen : null;
    if (session === polled) return;
    clearTimeout(timer);
    polled = session;
    turn += 1;
    if (session !== null) poll(session, turn);
  });
}
