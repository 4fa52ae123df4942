/** Agreement of two people's labels, or of two sessions of the same play, as the daemon computes it. Pure. */

/**
 * - `isShown`: in the place of the suggestions in Review
 * - `first`, `second`: names of the people, both empty for the two who labelled most; `other`: a session that is compared instead
 * - `key`: what the answer is to; `answer`: as `agreement` of the bus; `problem`: why there is none
 */
export const NO_AGREEMENT = { isShown: false, first: "", second: "", other: "", key: null, answer: null, problem: "" };

/** Path and query of the question, below `/api/sessions/`; null while the agreement is not in sight. */
export function agreementKey({ chosen, agreement }) {
  if (chosen === null || !agreement.isShown) return null;
  const { first, second, other } = agreement;
  const query = new URLSearchParams(other ? { other } : first || second ? { first, second } : {});
  return `${encodeURIComponent(chosen)}/agreement?${query}`;
}

/** The answer to what is asked, or the last one until it comes. */
export const agreementAnswer = (state) => (state.agreement.key === null ? null : state.agreement.answer);

/** The agreement of another session: nobody chosen. */
export const agreementOfSession = (agreement) => ({ ...NO_AGREEMENT, isShown: agreement.isShown });

/** Sessions that may be of the same play: of the same game. */
export const comparableSessions = ({ sessions, chosen }) => {
  const own = sessions.find((session) => session.session_id === chosen);
  return sessions.filter((session) => session !== own && session.rom_hash === own?.rom_hash && session.frame_sets > 0);
};

/** Share of agreement: 86 %, or empty where nothing is compared. */
export const shareText = ({ compared, agreed }) => (compared === 0 ? "" : `${Math.floor((100 * agreed) / compared)} %`);

/** Kappa with two digits; empty where it is not defined. */
export const kappaText = ({ kappa }) => (kappa === null ? "" : kappa.toFixed(2).replace("-", "−"));

export const agreementReducers = {
  showAgreement: (state, { isShown }) => ({ ...state, agreement: { ...state.agreement, isShown } }),
  /** Compare others: people, or a session. */
  compare: (state, { first = "", second = "", other = "" }) => ({ ...state, agreement: { ...state.agreement, first, second, other } }),
  agreement: (state, { key, answer }) => (key === agreementKey(state) ? { ...state, agreement: { ...state.agreement, key, answer, problem: "" } } : state),
  agreementProblem(state, { key, message }) {
    if (key !== agreementKey(state)) return state;
    return { ...state, agreement: { ...state.agreement, key, answer: null, problem: message } };
  },
};
