"""Results of finding: candidates with evidence, a certainty, a picture to ask for. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from daemon.analysis.value_types import Number, ValueType
from daemon.finding.forms import Form

__all__ = ["Certainty", "EvidenceKind", "EvidenceLine", "Found", "FoundCandidate", "Mirror"]


class Certainty(StrEnum):
    """Certainty that the first candidate is the variable."""

    CERTAIN = "certain"
    LIKELY = "likely"
    UNSURE = "unsure"


class EvidenceKind(StrEnum):
    """Kind of a label that a score has a part from."""

    READING = "reading"
    EVENT = "event"
    AXIS = "axis"
    STATE = "state"

    @property
    def has_picture(self) -> bool:
        """Return whether it belongs to a frame set; an axis is of the whole recording."""
        return self is not EvidenceKind.AXIS


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """Part of a candidate's score that one label gave.

    Args:
        number: frame set of the label; the first one of a labelled run for a state, of the recording for an axis.
        kind: of the label.
        text: a sentence without its full stop on what the candidate did there: `it was 23, as read`.
        holds: False where the candidate contradicts the label.
        nats: the part, a natural logarithm of a probability; larger is better.
    """

    number: int
    kind: EvidenceKind
    text: str
    holds: bool
    nats: float

    def as_map(self) -> dict[str, Any]:
        """Return the line as the bus holds it."""
        return {
            "number": self.number,
            "kind": str(self.kind),
            "text": self.text,
            "holds": self.holds,
            "nats": round(self.nats, 3),
        }


@dataclass(frozen=True, slots=True)
class Mirror:
    """Value that follows a candidate's: its copy, or the same bytes read otherwise.

    Args:
        address: on the bus.
        type: its value type.
    """

    address: int
    type: str


@dataclass(frozen=True, slots=True)
class FoundCandidate:
    """Address that may be the variable.

    Args:
        position: byte offset in memory images.
        address: on the bus.
        type: its value type.
        form: the number on the screen against the stored one.
        score: sum of what labels give, and of how plain and how quiet it is, in nats.
        changes: how often it changed in the whole recording.
        value: the stored one at the end of the recording; None where it is not known or no value of the type.
        evidence: label by label, in the order of frame sets.
        mirrors: values that follow it, in the order of their scores.
    """

    position: int
    address: int
    type: ValueType
    form: Form
    score: float
    changes: int
    value: Number | None
    evidence: tuple[EvidenceLine, ...] = ()
    mirrors: tuple[Mirror, ...] = ()

    @property
    def has_support(self) -> bool:
        """Return whether any label speaks for it."""
        return any(line.holds for line in self.evidence)

    def as_map(self) -> dict[str, Any]:
        """Return the candidate as the bus holds it."""
        return {
            "address": self.address,
            "type": self.type.name,
            "form": str(self.form),
            "score": round(self.score, 3),
            "changes": self.changes,
            "value": self.value,
            "evidence": [line.as_map() for line in self.evidence],
            "mirrors": [{"address": mirror.address, "type": mirror.type} for mirror in self.mirrors],
        }


@dataclass(frozen=True, slots=True)
class Found:
    """Answer to a query.

    Args:
        name: of what was sought.
        candidates: the best first, mirrors of one variable as one, each with a label that speaks for it.
        lead: score of the first less that of the next, listed or not; 0 where there is none.
        certainty: that the first is it, by its lead.
        ask: frame set whose picture would tell most; None where no picture tells the best candidates apart.
        considered: candidates that have a score: an address counts once for each type and form.
        unknown: addresses among them whose value is not known at one of the labels, which counts against them.
        problems: sentences on labels that the first candidate contradicts, and on evidence that cannot be used.
    """

    name: str
    candidates: tuple[FoundCandidate, ...] = ()
    lead: float = 0
    certainty: Certainty = Certainty.UNSURE
    ask: int | None = None
    considered: int = 0
    unknown: int = 0
    problems: tuple[str, ...] = ()

    def as_map(self) -> dict[str, Any]:
        """Return the answer as the bus, HTTP and the command line hold it."""
        return {
            "name": self.name,
            "candidates": [candidate.as_map() for candidate in self.candidates],
            "lead": round(self.lead, 3),
            "certainty": str(self.certainty),
            "ask": self.ask,
            "considered": self.considered,
            "unknown": self.unknown,
            "problems": list(self.problems),
        }
