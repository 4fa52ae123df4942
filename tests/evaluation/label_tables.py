"""Tables of labels: the byte that tells the context, labels that are suggested, ends that snap."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from daemon.finding.evidence import Query
from daemon.finding.finder import Finder
from daemon.finding.found import Certainty
from daemon.finding.state_scorer import StateScorer
from daemon.finding.states import ENOUGH_VALUES
from daemon.suggesting.label_model import fit_model
from daemon.suggesting.snapping import find_snaps
from daemon.suggesting.suggester import Suggester
from tests.evaluation.people import Boundary, Person, context_boundaries
from tests.evaluation.played import FRAMES_A_SECOND, FRAMES_A_SET, Played
from tests.evaluation.statistics import Share, Table, share_of
from tests.evaluation.windows import STATE, Window, windows_of

__all__ = ["snaps_table", "states_table", "suggestions_table"]

_STRETCH, _EVERY = 180.0, 20.0
"""Seconds of a window in which contexts are labelled, and between two of them."""

_LATE = round(1.2 * FRAMES_A_SECOND)
_NEAR = round(0.25 * FRAMES_A_SECOND)
"""Frames by which a label is late at most, and by which a snapped end may be wrong."""

_SHARE = 0.05
"""Share of the frame sets that are labelled before labels are suggested."""

_AMONG = 5


@dataclass(frozen=True, slots=True)
class StateOutcome:
    """Place of the group with the true state, from 0; None where none of the first has it."""

    place: int | None
    is_exact: bool
    is_certain: bool


def states_table(played: Played, people: int, seed: int) -> Table:
    """Label contexts live, and look for the byte that tells them."""
    rows = []
    for title, wrong in (("no label wrong", 0.0), ("one label in ten wrong", 0.1)):
        outcomes = list[StateOutcome]()
        for window in windows_of(played, _STRETCH, _EVERY):
            address = int(played.truths[STATE].address[window.end - 1])
            for number in range(people):
                person = Person(Random(f"{seed} {window.first_set} {number}"), wrong=wrong)
                labels = person.live_labels(played.contexts[window.first : window.end])
                if len({label for label in labels if label}) >= ENOUGH_VALUES:
                    outcomes.append(_find_state(window, labels, address))
        rows.append(
            (
                title,
                str(share_of(each.place == 0 for each in outcomes)),
                str(share_of(each.place is not None for each in outcomes)),
                str(share_of(each.is_exact for each in outcomes)),
                str(share_of(each.place == 0 for each in outcomes if each.is_certain)),
            )
        )
    title = f"{played.game}: the byte that tells the context, labelled live for {_STRETCH:.0f} s"
    columns = ("labels", "first", "among five", "first, exactly the address", "where it is called certain")
    return Table(title, columns, tuple(rows))


def _find_state(window: Window, labels: Sequence[str], address: int) -> StateOutcome:
    """Ask for the byte that tells labels, and look for the true one in the first five groups."""
    found = Finder(window.history, [StateScorer(lambda _field: labels)]).find(Query(STATE, field=STATE))
    candidates = found.candidates[:_AMONG]
    places = [
        place
        for place, candidate in enumerate(candidates)
        if address in {candidate.address, *(mirror.address for mirror in candidate.mirrors)}
    ]
    return StateOutcome(
        places[0] if places else None,
        bool(candidates) and candidates[0].address == address,
        found.certainty is Certainty.CERTAIN,
    )


def suggestions_table(played: Played, people: int, seed: int) -> Table:
    """Label one frame set in twenty, and compare what is suggested for the others."""
    rows = []
    truths = _true_labels(played)
    for wrong in (0.0, 0.1):
        right, suggested, open_sets = 0, 0, 0
        for number in range(people):
            labels = Person(Random(f"{seed} {number}"), wrong=wrong).some_labels(played.contexts, _SHARE)
            answer = Suggester().suggestions(played.history, STATE, labels)
            given = [""] * len(labels)
            for each in answer.suggestions:
                given[each.first : each.last + 1] = [each.value] * (each.last + 1 - each.first)
            rest = [place for place, label in enumerate(labels) if not label]
            open_sets += len(rest)
            suggested += sum(bool(given[place]) for place in rest)
            right += sum(given[place] in truths[place] for place in rest if given[place])
        rows.append((f"{wrong:.0%}", str(Share(right, suggested)), str(Share(suggested, open_sets))))
    minutes = played.sets * FRAMES_A_SET / 60 / 60
    title = f"{played.game}: suggested labels, {_SHARE:.0%} of {minutes:.0f} minutes labelled, {people} people"
    columns = ("of these wrong", "right where it suggests", "of the others suggested")
    return Table(title, columns, tuple(rows), ("The intervals take frame sets as independent, which they are not.",))


def snaps_table(played: Played, people: int, seed: int) -> Table:
    """Label contexts live, and snap the ends of the labelled runs."""
    rows = []
    boundaries = context_boundaries(played.contexts)[1:]
    for wrong in (0.0, 0.1):
        before, after = list[bool](), list[bool]()
        for number in range(people):
            labels = Person(Random(f"{seed} {number}"), wrong=wrong).live_labels(played.contexts)
            moves = find_snaps(played.history, labels, fit_model(played.history, labels))
            moved = {move.before: move.after for move in moves}
            for place in range(1, len(labels)):
                if labels[place] == labels[place - 1]:
                    continue
                meant = [each for each in boundaries if 0 <= place * FRAMES_A_SET - each.end < _LATE]
                if meant:
                    before.append(_is_near(place, meant[-1]))
                    after.append(_is_near(moved.get(place, place), meant[-1]))
        rows.append((f"{wrong:.0%}", str(share_of(before)), str(share_of(after))))
    title = f"{played.game}: ends of runs labelled live, {people} people"
    columns = ("of the labels wrong", "within 0.25 s as labelled", "within 0.25 s when snapped")
    notes = ("Of a change that takes a while, its beginning, middle and end are right.",)
    return Table(title, columns, tuple(rows), notes)


def _is_near(place: int, boundary: Boundary) -> bool:
    """Return whether a set begins within 0.25 s of a change of context."""
    frame = place * FRAMES_A_SET
    meant = (boundary.start, (boundary.start + boundary.end) // 2, boundary.end)
    return min(abs(frame - each) for each in meant) <= _NEAR


def _true_labels(played: Played) -> Sequence[frozenset[str]]:
    """Return the labels that are right for each frame set: two where one context turns into another."""
    found = list[frozenset[str]]()
    before = ""
    following = [""] * len(played.contexts)
    later = ""
    for frame in reversed(range(len(played.contexts))):
        following[frame] = later = played.contexts[frame] or later
    for first in range(0, played.sets * FRAMES_A_SET, FRAMES_A_SET):
        contexts = played.contexts[first : first + FRAMES_A_SET]
        is_changing = not all(contexts) or len(set(contexts)) > 1
        found.append(
            frozenset({before, *contexts, *following[first : first + FRAMES_A_SET]} if is_changing else contexts)
        )
        before = contexts[-1] or before
    return found
