"""Pokes of numbers one after the other, for probes of a cursor and of a button. Shell."""

from collections.abc import Sequence

import numpy as np

from daemon.analysis.value_types import VALUE_TYPES
from daemon.probing.axis_comparison import Moved
from daemon.probing.played_session import PlayedSession
from daemon.probing.poke_comparison import Paced, Poke, Poked, compare_pokes
from daemon.probing.request import ProbedCandidate, Verdict
from protocol.changes import U8

__all__ = ["POKED", "best_first", "poke_each"]

POKED = 4
"""Frames that are played after a poke."""

_TOGETHER = 8

_SOURCE, _COPY = 3.0, -3.0

_TOLD = {
    Verdict.SOURCE: "; kept what was poked, and others followed",
    Verdict.COPY: "; written anew when poked",
    Verdict.STAYS: "; kept what was poked, nothing followed",
}


def poke_each(session: PlayedSession, state: bytes, origin: U8, found: Sequence[Moved]) -> dict[int, Poked]:
    """Poke the best of what moved, one after the other, by as much as it moved.

    Args:
        session: with its console.
        state: savestate of the moment.
        origin: memory at the moment.
        found: what moved, best first.

    Returns:
        Outcomes by position.

    Raises:
        CoreError: the core crashed or stood still.
    """
    frames = range(1, POKED + 1)
    rest = [image.view(np.uint32) for image in session.play(state, [0] * POKED, frames)]
    # A copy moves by its own number of lines for an entry.
    watched = [Paced(moved.position, moved.field, abs(moved.positive or moved.negative)) for moved in found]
    outcomes: dict[int, Poked] = {}
    for moved in found[:_TOGETHER]:
        step = moved.positive or -moved.negative
        poke = Poke(moved.position, moved.field, int(origin.view(np.uint32)[moved.word]), step)
        images = session.play(state, [0] * POKED, frames, [(poke.position, poke.data)])
        poked = [image.view(np.uint32) for image in images]
        (outcomes[moved.position],) = compare_pokes([poke], rest, poked, watched)
    return outcomes


def best_first(
    session: PlayedSession, origin: U8, found: Sequence[Moved], outcomes: dict[int, Poked], buttons: tuple[str, str]
) -> tuple[ProbedCandidate, ...]:
    """Return what moved as candidates.

    Args:
        session: that was played.
        origin: memory at the moment.
        found: what moved.
        outcomes: of its pokes, by position.
        buttons: that went back and forth; an empty one is none.
    """
    candidates = [_candidate(session, moved, outcomes.get(moved.position), origin, buttons) for moved in found]
    return tuple(sorted(candidates, key=lambda each: -each.score))


def _candidate(
    session: PlayedSession, moved: Moved, outcome: Poked | None, origin: U8, buttons: tuple[str, str]
) -> ProbedCandidate:
    kind = VALUE_TYPES[moved.field.type_names[0]]
    address_of = session.history.address_of
    verdict = Verdict.UNKNOWN if outcome is None else outcome.verdict
    ways = zip(buttons, (moved.negative, moved.positive), strict=True)
    return ProbedCandidate(
        address=address_of(moved.position),
        type=kind.name,
        verdict=verdict,
        score=moved.score + {Verdict.SOURCE: _SOURCE, Verdict.COPY: _COPY}.get(verdict, 0.0),
        value=kind.read(origin[moved.position : moved.position + moved.field.width].tobytes()),
        moves={button: way for button, way in ways if button},
        followers=tuple(map(address_of, outcome.followers)) if outcome else (),
        reason=moved.in_words(*buttons) + _TOLD.get(verdict, ""),
    )
