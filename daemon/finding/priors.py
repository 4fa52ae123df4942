"""Scores without any label: plain, aligned, quiet values before others. Pure.

A variable that a person cares about is seldom one of the busiest words, so each doubling of the changes costs 0.15
nats. What the types and forms cost is their rarity in games: a processor that is little-endian stores few numbers
the other way round, most numbers are shown as they are stored, and nearly all lie at multiples of their size.
"""

import numpy as np

from daemon.analysis.history import History
from daemon.analysis.value_types import ValueType
from daemon.finding.forms import Form
from daemon.finding.scoring import CandidateId, Nats

__all__ = ["Priors", "rarity"]

_PER_DOUBLING = 0.15
_CONSTANT = 1.5
"""Cost of a value that never changed: people look for variables, and most of memory stands still."""

_MISALIGNED = 2.0
_IMPOSSIBLE = -np.inf

_FORMS = {
    Form.EQUAL: 0.0,
    Form.PLUS_ONE: 2.0,
    Form.MINUS_ONE: 2.5,
    Form.TIMES_TEN: 2.0,
    Form.TIMES_HUNDRED: 2.5,
}


def rarity(kind: ValueType, form: Form) -> float:
    """Return what a type and a form cost, in nats."""
    if kind.name.endswith("be"):
        cost = 4.0
    elif kind.name.startswith("bcd") or not kind.is_whole:
        cost = 1.5
    else:
        cost = 0.3 if kind.least < 0 else 0.0
    return cost + 0.05 * (kind.width.bit_length() - 1) + _FORMS[form]


class Priors:
    """Scores without any label.

    Args:
        history: of the recording.
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._by_width: dict[int, Nats] = {}

    def of(self, width: int) -> Nats:
        """Return the score of the value of a width at each byte offset.

        That of a value which would span two regions is minus infinity.

        Returns:
            Shape (bytes - width + 1,).
        """
        found = self._by_width.get(width)
        if found is None:
            history = self._history
            changes = history.all_change_counts.of(width)
            found = np.log2(1 + changes.astype(np.float32)) * np.float32(-_PER_DOUBLING)
            found[changes == 0] = -np.float32(_CONSTANT)
            found[history.addresses()[: len(found)] % width != 0] -= np.float32(_MISALIGNED)
            found[~history.fits(width)] = _IMPOSSIBLE
            self._by_width[width] = found
        return found

    def one(self, candidate: CandidateId) -> float:
        """Return the score of one candidate."""
        kind = candidate.type
        return float(self.of(kind.width)[candidate.position]) - rarity(kind, candidate.form)
