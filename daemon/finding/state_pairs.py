"""Pairs of bytes that tell a label field together where no single byte does. Pure.

Some games have the number of a map within its bank, or the page of a menu, in a byte of its own. The best pair is
looked for among the best single bytes and what refines them most.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from daemon.analysis.history import History
from daemon.finding.byte_columns import CODES, bytes_at
from daemon.finding.label_runs import LATENESS, LabelledRun, label_samples, sets_of
from daemon.finding.state_priors import state_priors
from daemon.finding.states import StateScores, right_shares, table_nats

__all__ = ["StatePair", "best_pair"]

_ENOUGH = 0.8
"""Share of the labelled runs of which a single byte is right that needs no second one."""

_FIRSTS = 4
"""Single bytes that are tried as the first of a pair."""

_MARGIN = 8.0
"""Nats by which a pair must be better than the best single byte and than chance, for so many pairs."""


@dataclass(frozen=True, slots=True)
class StatePair:
    """Two bytes that tell a field together.

    Args:
        positions: byte offsets in memory images, the one that tells more by itself first.
        nats: as those of single bytes, less what is due to the number of pairs.
    """

    positions: tuple[int, int]
    nats: float


def best_pair(history: History, runs: Sequence[LabelledRun], scores: StateScores) -> StatePair | None:
    """Find the pair of bytes that tells the labels best; None where one is enough.

    Args:
        history: the recording.
        runs: of labels, ascending and apart.
        scores: of single bytes by the same labels.
    """
    if len(scores.positions) < 2:
        return None
    samples = label_samples(runs, sets_of(LATENESS, history))
    order = np.argsort(scores.positions)
    positions, alone = scores.positions[order], scores.nats[order]
    values = bytes_at(history, positions, samples.places).astype(np.int64)
    firsts = np.argsort(-alone, kind="stable")[:_FIRSTS].tolist()
    if right_shares(values[firsts[:1]], samples)[0] >= _ENOUGH:
        return None
    priors = state_priors(history, positions, samples.places)
    found: StatePair | None = None
    for first in firsts:
        [single] = table_nats(values[[first]], samples)
        gains = table_nats(values[first] * CODES + values, samples, CODES * CODES) - single + priors
        second = int(gains.argmax())
        nats = float(alone[first] + gains[second] - np.log(scores.considered))
        if found is None or nats > found.nats:
            found = StatePair((int(positions[first]), int(positions[second])), nats)
    return found if found is not None and found.nats > max(0.0, float(scores.nats[0])) + _MARGIN else None
