"""Comparison of a recording with the truth: missing, different, doubled, half-written sets."""

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from daemon.verifying.report import Grade
from daemon.verifying.verify import verify_session
from protocol.session.change_log import read_blocks
from protocol.session.flaws import NO_SCREENSHOT
from tests.integration.truth import FrameTruth, Truth

__all__ = ["Outcome", "judge", "sets_of"]

LONGEST_HALT = 2.0
"""Seconds; the script's patience is 0.3, the rest is for a busy machine."""


@dataclass
class Outcome:
    """Outcome of a run; `problems` must be empty, `deleted` are sets of deleted sessions."""

    seed: int
    done: list[str] = field(default_factory=list)
    sessions: int = 0
    played: int = 0
    stored: int = 0
    acknowledged: int = 0
    without_screenshot: int = 0
    gaps: int = 0
    undelivered: int = 0
    kept: int = 0
    longest_frame: float = 0.0
    deleted: dict[str, set[int]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def delete(self, session: str, numbers: Iterable[int]) -> None:
        """Note that somebody deleted these frame sets."""
        self.deleted.setdefault(session, set()).update(numbers)

    def add(self, other: "Outcome") -> None:
        """Count another run's numbers here."""
        for number in fields(self):
            if number.type is int and number.name != "seed":
                setattr(self, number.name, getattr(self, number.name) + getattr(other, number.name))
        self.longest_frame = max(self.longest_frame, other.longest_frame)

    @property
    def numbers(self) -> str:
        """The counts as one sentence."""
        return (
            f"{self.played} sets played, {self.stored} stored in {self.sessions} sessions, "
            f"{self.acknowledged} acknowledged, {self.without_screenshot} without screenshot, "
            f"{self.gaps} in gaps, {self.undelivered} never delivered, {self.kept} kept in the spool, "
            f"longest frame {self.longest_frame:.2f} s"
        )

    def __str__(self) -> str:
        text = f"seed {self.seed}: {self.numbers}, after {' '.join(self.done)}"
        return "\n    ".join([text, *self.problems])


def judge(data: Path, truths: Sequence[Truth], acknowledged: Sequence[tuple[str, int]], outcome: Outcome) -> None:
    """Compare a data folder with what was played; whatever is wrong becomes a problem of `outcome`.

    Args:
        data: the session folders.
        truths: what the console held, one for each start of the script.
        acknowledged: session and frame set of each acknowledgement that the script was given.
        outcome: what is known of the run so far.
    """
    expected = dict(_expected_sets(truths))
    outcome.played = len(expected)
    problem = outcome.problems.append
    if outcome.longest_frame > LONGEST_HALT:
        problem(f"the game stood still for {outcome.longest_frame:.2f} s")
    stored: set[tuple[str, int]] = set()
    seen: dict[int, str] = {}
    for session in sorted(path.parent for path in data.glob("*/session_metadata.json")):
        outcome.sessions += 1
        for left in [*session.glob(".*"), *session.rglob("*.partial"), *data.glob(f".writing-{session.name}")]:
            problem(f"{session.name} has {left.name} left")
        for number, event in sets_of(session):
            outcome.stored += 1
            stored.add((session.name, number))
            first = event["frames_in_set"][0]
            if first in seen:
                problem(f"{session.name}/{number} is {seen[first]} once more")
            seen[first] = f"{session.name}/{number}"
            counted = not {"restart", "delete_folder"} & set(outcome.done)
            for text in _differences(session, number, event, expected.get(first), counted=counted):
                problem(f"{session.name}/{number}: {text}")
        _judge_session(session, outcome)
    for session_name, number in set(acknowledged):
        outcome.acknowledged += 1
        if (session_name, number) not in stored and number not in outcome.deleted.get(session_name, ()):
            problem(f"{session_name}/{number} was acknowledged and is missing")
    missing = outcome.played - len(seen)
    known = outcome.gaps + outcome.undelivered + outcome.kept + sum(map(len, outcome.deleted.values()))
    if missing > known:
        problem(f"{missing} sets are missing, {known} are known to be")


def sets_of(session: Path) -> list[tuple[int, dict[str, Any]]]:
    """Read the frame sets of a session, ascending: number and `event.json`."""
    numbers = sorted(int(path.name) for path in session.iterdir() if path.name.isdecimal())
    return [(number, json.loads((session / str(number) / "event.json").read_bytes())) for number in numbers]


def _judge_session(session: Path, outcome: Outcome) -> None:
    problem = outcome.problems.append
    metadata = json.loads((session / "session_metadata.json").read_bytes())
    events = [event for _, event in sets_of(session)]
    numbers = [event["frame_set_id"] for event in events]
    flawed = [event for event in events if event["flaws"]]
    bare = [event for event in flawed if NO_SCREENSHOT in event["flaws"]]
    lost = [event for event in bare if not any(flaw.startswith("it was cut short") for flaw in event["flaws"])]
    gaps = numbers[-1] + 1 - len(numbers) if numbers else 0
    outcome.without_screenshot += len(bare)
    outcome.gaps += gaps
    if session.name in outcome.deleted:
        return  # It misses what was deleted, and says so.
    report = verify_session(session)
    if report.grade is Grade.DAMAGED:
        problem(f"{session.name} is damaged: {'; '.join(map(str, report.findings))}")
    if (logged := _logged(session)) != numbers:
        problem(f"{session.name} has {len(logged)} sets in its log of changes, {len(numbers)} folders")
    if metadata["ended_by"] is None:
        problem(f"{session.name} never ended")
    if metadata["total_frame_sets"] != len(events):
        problem(f"{session.name} counts {metadata['total_frame_sets']} sets and has {len(events)}")
    if metadata["lost"] != {"frame_sets": gaps, "screenshots": len(lost), "flawed": len(flawed)}:
        problem(f"{session.name} says it lost {metadata['lost']}")


def _logged(session: Path) -> list[int]:
    """Return the numbers of the sets in a session's log of changes; `verify` compares what it holds of them."""
    log = session / "changes.log"
    return [number for block in read_blocks(log.read_bytes()) for number in block.numbers] if log.exists() else []


def _expected_sets(truths: Sequence[Truth]) -> Iterator[tuple[int, tuple[list[Any], list[FrameTruth]]]]:
    """Give changes and frames of each set that the script has scanned, by its first frame."""
    for truth in truths:
        for changes, frames in zip(truth.changes, truth.frames, strict=True):
            yield frames[0].frame, (changes, frames)


def _differences(
    session: Path,
    number: int,
    event: dict[str, Any],
    expected: tuple[list[Any], list[FrameTruth]] | None,
    *,
    counted: bool,
) -> Iterator[str]:
    """Say where a recorded set is not the truth; change counts only if the truth of one script has `counted` them."""
    if expected is None:
        yield "nobody played this"
        return
    changes, frames = expected
    if event["frame_set_id"] != number:
        yield f"it says it is {event['frame_set_id']}"
    if event["frames_in_set"] != [seen.frame for seen in frames]:
        yield f"its frames are {event['frames_in_set']}"
    rows = [tuple(change.values()) for change in event["memory_changes"]]
    if [row[:5] for row in rows] != [row[:5] for row in changes]:
        yield "its changes are others"
    elif counted and rows != changes:
        yield "its change counts are others"
    if [frame["pc"] for frame in event["frames"]] != [seen.pc for seen in frames]:
        yield "its program counters are others"
    screenshot = session / str(number) / f"{number}.png"
    if NO_SCREENSHOT not in event["flaws"] and not event.get("interruption"):
        pixels = np.asarray(Image.open(io.BytesIO(screenshot.read_bytes())).convert("RGB"))
        if frames[-1].picture is None or not np.array_equal(pixels, frames[-1].picture):
            yield "its screenshot is another"
