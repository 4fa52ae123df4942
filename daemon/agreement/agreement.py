"""Agreement of two people's labels by field: Cohen's kappa, disagreements by run. Pure.

A frame set is compared in a field where both have a word and at least one of them gave it a value. Each counts once.
Neighbours are mostly alike, so their number says nothing of how sure a kappa is.

Cohen, J. (1960), A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20 (1), 37.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from daemon.agreement.words import Words
from protocol.session.annotations import TEXT_FIELDS

__all__ = ["Disagreement", "FieldAgreement", "agreement_of", "cohens_kappa"]

_NO_WORDS: Mapping[int, str] = {}


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Run of frame sets with the same two values, without a gap.

    Args:
        field: of the labels.
        first: its first frame set.
        last: its last one.
        labels: the values of the one and of the other person; empty for no label.
    """

    field: str
    first: int
    last: int
    labels: tuple[str, str]

    def as_map(self) -> dict[str, Any]:
        """Return it as the bus has it."""
        return {"field": self.field, "first": self.first, "last": self.last, "labels": list(self.labels)}


@dataclass(frozen=True, slots=True)
class FieldAgreement:
    """Agreement in one field.

    Args:
        field: of the labels.
        compared: how many frame sets both have a word on.
        agreed: in how many of them it is the same.
        kappa: Cohen's kappa; None where nothing is compared, or both gave one and the same value throughout.
        only: how many frame sets only the one labelled, and only the other.
        disagreements: ascending.
    """

    field: str
    compared: int
    agreed: int
    kappa: float | None
    only: tuple[int, int]
    disagreements: tuple[Disagreement, ...]

    def as_map(self) -> dict[str, Any]:
        """Return it as the bus has it, without the disagreements."""
        names = ("field", "compared", "agreed", "kappa")
        return {**{name: getattr(self, name) for name in names}, "only": list(self.only)}


def agreement_of(one: Words, other: Words) -> list[FieldAgreement]:
    """Compare two people's words, field by field, in the order of the fields."""
    return [_field(field, one.get(field, _NO_WORDS), other.get(field, _NO_WORDS)) for field in TEXT_FIELDS]


def cohens_kappa(pairs: Mapping[tuple[str, str], int]) -> float | None:
    """Return Cohen's kappa.

    Args:
        pairs: how many frame sets have each pair of values.

    Returns:
        1 for full agreement, 0 for as much as chance gives, below for less; None where chance alone gives all of it.
    """
    total = sum(pairs.values())
    firsts, seconds = Counter[str](), Counter[str]()
    for (one, other), count in pairs.items():
        firsts[one] += count
        seconds[other] += count
    by_chance = sum(count * seconds[value] for value, count in firsts.items())  # times total ** 2
    agreed = sum(count for (one, other), count in pairs.items() if one == other)
    if by_chance == total**2:
        return None
    return (agreed * total - by_chance) / (total**2 - by_chance)


def _field(field: str, one: Mapping[int, str], other: Mapping[int, str]) -> FieldAgreement:
    both = [(number, one[number], other[number]) for number in sorted(one.keys() & other.keys())]
    both = [each for each in both if each[1] or each[2]]
    pairs = Counter((first, second) for _, first, second in both)
    return FieldAgreement(
        field,
        compared=len(both),
        agreed=sum(count for (first, second), count in pairs.items() if first == second),
        kappa=cohens_kappa(pairs),
        only=(_labelled_alone(one, other), _labelled_alone(other, one)),
        disagreements=tuple(_runs(field, (each for each in both if each[1] != each[2]))),
    )


def _labelled_alone(words: Mapping[int, str], others: Mapping[int, str]) -> int:
    return sum(1 for number, value in words.items() if value and number not in others)


def _runs(field: str, differing: Iterable[tuple[int, str, str]]) -> list[Disagreement]:
    runs: list[Disagreement] = []
    for number, one, other in differing:
        last = runs[-1] if runs else None
        if last is not None and last.last == number - 1 and last.labels == (one, other):
            runs[-1] = Disagreement(field, last.first, number, last.labels)
        else:
            runs.append(Disagreement(field, number, number, (one, other)))
    return runs
