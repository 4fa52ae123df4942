"""Plan of a fleet: its sessions, by hours and seed. Pure.

A session follows from its number and the fleet's seed alone: its name, the seed of its player and its length. So one
that is begun again is the same, and a fleet that is started again knows which sessions it still lacks.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, inf
from typing import Any

from protocol.console import GBA
from protocol.errors import FleetError
from protocol.session.layout import session_slug

__all__ = ["FleetPlan", "PlannedSession"]

_SET = 5
"""Frames of a frame set: no session ends within one."""

_GAME = 40
"""Most characters of the game in a session's name."""

_MOST_SESSIONS = 10_000_000


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """A session that a fleet is to record.

    Args:
        number: in the fleet, from 0.
        name: of its folder.
        seed: of its player, 32 bits.
        frames: its length.
    """

    number: int
    name: str
    seed: int
    frames: int


@dataclass(frozen=True, slots=True)
class FleetPlan:
    """Sessions of equal length that come to some hours of play; the last one may be shorter.

    Args:
        game: the ROM's name.
        rom_sha1: of the ROM, upper-case hex.
        policy: who plays, as it was asked for.
        policy_sha256: of what the policy reads; empty where it reads nothing.
        seed: of the fleet.
        hours: of play, at the console's own speed.
        session_minutes: of play in a session.

    Raises:
        FleetError: the numbers make no plan.
    """

    game: str
    rom_sha1: str
    policy: str
    policy_sha256: str
    seed: int
    hours: float
    session_minutes: float

    def __post_init__(self) -> None:
        if not (0 < self.hours < inf and 0 < self.session_minutes < inf):
            raise FleetError("--hours and --session-minutes must be above 0.")
        if self.hours * 60 / self.session_minutes > _MOST_SESSIONS:
            raise FleetError(
                f"That is more than {_MOST_SESSIONS:,} sessions: choose longer ones with --session-minutes."
            )

    @property
    def session_frames(self) -> int:
        """Frames of a session, but for a shorter last one."""
        return _frames(self.session_minutes)

    def __len__(self) -> int:
        """Return the number of sessions."""
        return ceil(round(self.hours * 60 / self.session_minutes, 6))

    def sessions(self) -> Iterator[PlannedSession]:
        """Yield the sessions in order."""
        game = session_slug(self.game, _GAME)
        for number in range(len(self)):
            digest = hashlib.sha256(f"{self.seed}/{number}".encode()).digest()
            minutes = min(self.session_minutes, self.hours * 60 - number * self.session_minutes)
            yield PlannedSession(
                number=number,
                name=f"{game}-seed-{self.seed}-{number:05}",
                seed=int.from_bytes(digest[:4], "little"),
                frames=_frames(minutes),
            )

    def identity(self) -> dict[str, Any]:
        """Return the facts that two fleets share which record into one place, all but the hours."""
        return {
            "game": self.game,
            "rom_sha1": self.rom_sha1,
            "policy": self.policy,
            "policy_sha256": self.policy_sha256,
            "seed": self.seed,
            "session_frames": self.session_frames,
        }


def _frames(minutes: float) -> int:
    return max(1, round(minutes * 60 * GBA.frames_per_second / _SET)) * _SET
