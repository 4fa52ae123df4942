/**
 * Store: holds the page's state and notifies subscribers of changes.
 *
 * `extend` puts another reducer in the place of the first, and adds the parts of the state that it needs.
 * @template State
 * @param {(state: State, action: object) => State} reduce pure
 * @param {State} initial
 */
export function createStore(reduce, initial) {
  let state = initial;
  let reducer = reduce;
  const listeners = new Set();
  return {
    get: () => state,
    dispatch(action) {
      const next = reducer(state, action);
      if (next === state) return;
      state = next;
      for (const listener of listeners) listener();
    },
    extend(next, extended) {
      reducer = next;
      state = extended(state);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
