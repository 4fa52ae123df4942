"""Request for a probe or a poke and its answer, as data and as JSON. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from protocol.console import GBA
from protocol.errors import AnalysisError
from protocol.link.messages import MAX_SET

__all__ = [
    "MAX_TARGETS",
    "ProbeGroup",
    "ProbeKind",
    "ProbeRequest",
    "ProbeResult",
    "ProbedCandidate",
    "ProbedMoment",
    "Verdict",
]

MAX_TARGETS = 64
"""Most targets of a poke."""

_MAX_TEXT = 400


class ProbeKind(StrEnum):
    """Kinds of a probe."""

    AXIS = "axis"
    CURSOR = "cursor"
    BUTTON = "button"
    POKE = "poke"


class Verdict(StrEnum):
    """Outcome of a poke."""

    SOURCE = "source"
    """It kept the value that was written, and others followed."""
    STAYS = "stays"
    """It kept the value, and nothing was seen to follow: nobody read it, or it is no variable of the game."""
    COPY = "copy"
    """The game wrote it anew from somewhere else."""
    UNKNOWN = "unknown"
    """It was not poked, or the pokes contradict each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeRequest:
    """A request.

    Args:
        session: name of the session.
        kind: of the probe.
        targets: of a poke: names or addresses, `hp`, `0x03000A14` or `0x03000A14:u16`.
        button: the button that is probed, such as `A`; empty for another kind.
        at: frame set after which to begin; chosen by what the recording shows if not given.
        rom: path of the game; found by its hash if empty.
        core: path of a libretro mGBA core; found if empty.
        name: a name that the answer is to give to the source; empty for none.
        who: person who asks, for that name.
    """

    session: str
    kind: ProbeKind
    targets: tuple[str, ...] = ()
    button: str = ""
    at: int | None = None
    rom: str = ""
    core: str = ""
    name: str = ""
    who: str = ""

    @classmethod
    def from_map(cls, given: Any) -> "ProbeRequest":
        """Read a request from its map.

        It has `session`, one of `axis: true`, `cursor: true`, `button: A` and `poke: [targets]`, and what is optional.

        Raises:
            AnalysisError: it is none; the sentence says why.
        """
        if not isinstance(given, Mapping):
            raise AnalysisError("A request for a probe is a map.")
        unknown = given.keys() - {"session", "axis", "cursor", "button", "poke", "at", "rom", "core", "name", "who"}
        if unknown:
            raise AnalysisError(f"A probe has no {min(unknown)[:60]!r}.")
        kinds = [kind for kind in ProbeKind if given.get(kind.value)]
        if len(kinds) != 1:
            raise AnalysisError("Ask for one of axis, cursor, button and poke.")
        button = given.get("button") or ""
        if button and button not in GBA.buttons:
            raise AnalysisError(f"A button is one of {', '.join(GBA.buttons)}.")
        poked = given.get("poke") or ()
        targets = (poked,) if isinstance(poked, str) else poked
        if not isinstance(targets, list | tuple) or not all(isinstance(target, str) for target in targets):
            raise AnalysisError("The targets of a poke are names or addresses.")
        if len(targets) > MAX_TARGETS:
            raise AnalysisError(f"A poke has at most {MAX_TARGETS} targets.")
        at = given.get("at")
        if at is not None and (type(at) is not int or not 0 <= at <= MAX_SET):
            raise AnalysisError("`at` is the number of a frame set.")
        texts = {key: given.get(key) or "" for key in ("session", "rom", "core", "name", "who")}
        for key, text in texts.items():
            if not isinstance(text, str) or len(text) > _MAX_TEXT:
                raise AnalysisError(f"`{key}` is a text of at most {_MAX_TEXT} characters.")
        if not texts["session"]:
            raise AnalysisError("A probe needs a session.")
        return cls(kind=kinds[0], targets=tuple(targets), button=button, at=at, **texts)

    def as_map(self) -> dict[str, Any]:
        """Return the request as `from_map` reads it."""
        told: dict[ProbeKind, Any] = {ProbeKind.POKE: list(self.targets), ProbeKind.BUTTON: self.button}
        optional = {"at": self.at, "rom": self.rom, "core": self.core, "name": self.name, "who": self.who}
        given = {key: value for key, value in optional.items() if value not in {None, ""}}
        return {"session": self.session, self.kind.value: told.get(self.kind, True), **given}


@dataclass(frozen=True, slots=True)
class ProbedCandidate:
    """An address that answered.

    Args:
        address: on the bus.
        type: name of its value type.
        verdict: of the pokes.
        score: the higher, the likelier; of one answer only.
        value: at the moment of the probe; None where the bytes are no value of the type.
        moves: how far it went in each play, by the buttons, `{"Left": -14, "Right": 14}`.
        followers: addresses that followed when it was poked, at most 32.
        reason: in words.
    """

    address: int
    type: str
    verdict: Verdict
    score: float
    value: float | None
    moves: Mapping[str, float] = field(default_factory=dict)
    followers: tuple[int, ...] = ()
    reason: str = ""

    def as_map(self) -> dict[str, Any]:
        """Return the candidate as JSON."""
        return {
            "address": self.address,
            "type": self.type,
            "verdict": str(self.verdict),
            "score": round(self.score, 2),
            "value": self.value,
            "moves": dict(self.moves),
            "followers": list(self.followers),
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class ProbeGroup:
    """Candidates for one thing, best first.

    Args:
        name: `Left/Right`, `Up/Down`, `cursor`, the button, or the target of a poke.
        candidates: best first.
    """

    name: str
    candidates: tuple[ProbedCandidate, ...]

    def as_map(self) -> dict[str, Any]:
        """Return the group as JSON."""
        return {"name": self.name, "candidates": [candidate.as_map() for candidate in self.candidates]}


@dataclass(frozen=True, slots=True)
class ProbedMoment:
    """A moment that was tried.

    Args:
        at: its frame set.
        answered: what answered there: `Left/Right`, …
        frames: that were emulated from it.
    """

    at: int
    answered: tuple[str, ...]
    frames: int

    def as_map(self) -> dict[str, Any]:
        """Return the moment as JSON."""
        return {"at": self.at, "answered": list(self.answered), "frames": self.frames}


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """An answer.

    Args:
        session: name of the session.
        kind: of the probe.
        groups: what was found.
        moments: that were tried, in their order.
        frames: that were emulated from their savestates, all together.
        forwarded: frames that were played to get to the moments; savestates of earlier probes save them.
        rom: the game's file.
        core: name of the core that played.
        named: the name that was given, empty for none.
        notes: sentences for the person who asked.
    """

    session: str
    kind: ProbeKind
    groups: tuple[ProbeGroup, ...]
    moments: tuple[ProbedMoment, ...]
    frames: int
    forwarded: int
    rom: str
    core: str
    named: str = ""
    notes: tuple[str, ...] = ()

    def as_map(self) -> dict[str, Any]:
        """Return the answer as JSON."""
        return {
            "session": self.session,
            "kind": str(self.kind),
            "groups": [group.as_map() for group in self.groups],
            "moments": [moment.as_map() for moment in self.moments],
            "frames": self.frames,
            "forwarded": self.forwarded,
            "rom": self.rom,
            "core": self.core,
            "named": self.named,
            "notes": list(self.notes),
        }
