"""Check of a session whose play is known. Shell: reads a session folder.

`gbatrace play --check` plays the demo game in the user's BizHawk, `gbatrace check` in the stand-in emulator; both judge
what was recorded here, and show the results as one table (`daemon.checking.results.results_table`).
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from daemon.checking.results import CheckResult
from daemon.verifying.report import Grade, Report
from daemon.verifying.verify import verify_session
from protocol.console import GBA
from protocol.recorded_inputs import RecordedInputs
from protocol.session.frame_set import FrameSet
from protocol.session.reader import SessionReader, open_session
from protocol.wording import counted

__all__ = ["KnownPlay", "check_session"]

_LEAST_SCREENSHOTS = 10
"""Different screenshots that a recording of the tour has at least; one of a black window has one."""

_SLOW = 0.93
"""Share of full speed below which a machine is called slow."""

_GAME_DELAY = 3
"""Frames within which the game must have taken notice of a button."""

_LATE_START = 600
"""Frames that may have passed before the script looks at the first one."""

_EARLY_END = 10
"""Frames that may be missing at the end: those of a frame set that was not complete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPlay:
    """Description of how a session was played.

    Args:
        inputs: the buttons that were held, by frames counted from 0.
        frames: how many frames were played from the console's start.
        keys_held: address of the 16 bits in which the game itself keeps the buttons held, in the order of
            `GBA.buttons`; None for a game of which that is not known.
        real_time: whether it was played at the console's own speed.
    """

    inputs: RecordedInputs
    frames: int
    keys_held: int | None = None
    real_time: bool = True


def check_session(path: Path, play: KnownPlay) -> list[CheckResult]:
    """Judge a session whose play is known. Each result is a sentence for the player.

    Args:
        path: the session's folder; the session must have ended.
        play: how it was played.

    Returns:
        One result each about the emulator, the frames, the buttons, the memory, the screenshots, the files and the
        speed, in this order. Only the speed is not `needed`: a slow machine records well, later.

    Raises:
        SessionError: there is no such session, or it cannot be read.
    """
    reader = open_session(path)
    report = verify_session(path)
    frames = _Frames(play)
    for frame_set in reader.frame_sets(with_png=False):
        frames.add(frame_set)
    return [
        _emulator(reader),
        frames.consecutive(),
        frames.buttons(),
        _memory(report, frames),
        _screenshots(reader, report),
        _files(report, frames.flaws),
        frames.speed(),
    ]


class _Frames:
    """Results about a session's frames, collected in one walk through its frame sets."""

    def __init__(self, play: KnownPlay) -> None:
        self._play = play
        self._numbers: list[int] = []
        self._times: list[int] = []
        self._strange: list[int] = []
        self._pressed = 0
        self._last_flaws: Sequence[str] = ()
        self.flaws: list[str] = []
        self.seen_by_game = 0
        self.missed_by_game: list[int] = []

    def add(self, frame_set: FrameSet) -> None:
        """Take the next frame set. The last one may be cut short: that is the end of the play."""
        self.flaws += self._last_flaws
        self._last_flaws = frame_set.flaws
        for frame in frame_set.frames:
            self._numbers.append(frame.frame)
            self._times.append(frame.timestamp)
            held = self._play.inputs.pressed(frame.frame - 1)
            self._pressed += held != 0
            if set(frame.current_keys.split("+")) != set(GBA.combination(held).replace("None", "").split("+")):
                self._strange.append(frame.frame)
        for number, seen in _held_in_memory(frame_set, self._play.keys_held):
            before = range(max(0, number - _GAME_DELAY), number)
            if seen in map(self._play.inputs.pressed, before):
                self.seen_by_game += 1
            else:
                self.missed_by_game.append(number)

    def consecutive(self) -> CheckResult:
        """Judge whether every frame from the first to the last is there, once."""
        numbers = self._numbers
        if not numbers:
            return CheckResult("frames", good=False, text="none were recorded: did the game run?")
        missing = sorted(set(range(numbers[0], numbers[-1] + 1)) - set(numbers))
        span = f"{numbers[0]} to {numbers[-1]}"
        if missing or len(set(numbers)) != len(numbers) or numbers != sorted(numbers):
            lacks = (
                f"{len(missing)} are missing, the first is {missing[0]}" if missing else "some came twice or jump back"
            )
            return CheckResult("frames", good=False, text=f"of the frames {span} {lacks}.")
        if numbers[0] > _LATE_START or numbers[-1] < self._play.frames - _EARLY_END:
            text = f"{span} were recorded, {self._play.frames} were to be played from the start: was it stopped early?"
            return CheckResult("frames", good=False, text=text)
        return CheckResult("frames", good=True, text=f"{len(numbers):,}, from {span}, none missing")

    def buttons(self) -> CheckResult:
        """Judge whether each frame has the buttons that were pressed."""
        if self._strange:
            text = (
                f"{len(self._strange):,} of {len(self._numbers):,} frames have other buttons than were pressed, "
                f"the first is {self._strange[0]}: keep your hands off the keyboard and gamepad while it plays."
            )
            return CheckResult("buttons", good=False, text=text)
        good = self._pressed > 0
        text = f"as pressed in all frames, {self._pressed:,} of them with a button held"
        return CheckResult("buttons", good=good, text=text if good else "none were pressed in what was recorded.")

    def speed(self) -> CheckResult:
        """Judge how fast it was played."""
        seconds = (self._times[-1] - self._times[0]) / 1000 if self._times else 0.0
        if seconds <= 0:
            return CheckResult("speed", good=True, text="too short to tell")
        rate = (len(self._times) - 1) / seconds
        if rate < _SLOW * GBA.frames_per_second:
            text = (
                f"{rate:.1f} frames a second instead of {GBA.frames_per_second:.1f}: close what else is busy, "
                "and leave the data folder out of what the virus scanner looks at."
            )
            return CheckResult("speed", good=False, text=text, needed=False)
        text = f"{rate:.1f} frames a second" if self._play.real_time else f"{rate:.0f} frames a second at full speed"
        return CheckResult("speed", good=True, text=text)


def _held_in_memory(frame_set: FrameSet, address: int | None) -> Iterator[tuple[int, int]]:
    """Yield what was read where the game keeps the buttons held: frame, bit set."""
    if address is None:
        return
    word, shift = address & ~3, 8 * (address & 3)
    for scan in frame_set.changes:
        for value in scan.current[scan.addresses == word]:
            yield scan.frame, int(value) >> shift & (1 << len(GBA.buttons)) - 1


def _emulator(reader: SessionReader) -> CheckResult:
    recorder = reader.metadata.recorder
    client, how = recorder.get("client", ""), recorder.get("reader", "")
    return CheckResult(
        "emulator", good=bool(client), text=f"{client or 'not named'}, memory read by {how or 'no reader'}"
    )


def _memory(report: Report, frames: _Frames) -> CheckResult:
    if report.proofs == 0:
        text = "the emulator proved nothing of its memory: is proof_interval 0 in config.lua?"
        return CheckResult("memory", good=False, text=text)
    if frames.missed_by_game:
        text = (
            f"the game held other buttons than were pressed, at frame {frames.missed_by_game[0]} for the first time: "
            "what was read is not the game's memory of that frame."
        )
        return CheckResult("memory", good=False, text=text)
    game = f"; the game itself saw the buttons {frames.seen_by_game:,} times" if frames.seen_by_game else ""
    agree = f"{counted(report.proofs, 'proof')} and {counted(report.images, 'image')} of it agree"
    return CheckResult("memory", good=True, text=f"{report.changes:,} changes; {agree}{game}")


def _screenshots(reader: SessionReader, report: Report) -> CheckResult:
    numbers = reader.frame_set_ids()
    screenshots = {reader.screenshot(number) for number in numbers}
    if report.screenshots < report.frame_sets:
        text = f"{report.frame_sets - report.screenshots:,} of {report.frame_sets:,} frame sets have none."
        return CheckResult("screenshots", good=False, text=text)
    if len(screenshots) < _LEAST_SCREENSHOTS:
        text = f"only {len(screenshots)} different ones in {report.frame_sets:,} frame sets: does the game draw?"
        return CheckResult("screenshots", good=False, text=text)
    size = _size(next(iter(screenshots)))
    shown = "x".join(map(str, size))
    if size != (GBA.width, GBA.height):
        text = f"{shown} pixels instead of {GBA.width}x{GBA.height}: turn off scaling filters and padding in BizHawk."
        return CheckResult("screenshots", good=False, text=text)
    return CheckResult(
        "screenshots", good=True, text=f"{report.screenshots:,}, {len(screenshots):,} of them different, {shown}"
    )


def _size(png: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(png)) as image:
        return image.size


def _files(report: Report, flaws: Sequence[str]) -> CheckResult:
    damages = [str(finding) for finding in report.findings if finding.grade is Grade.DAMAGED]
    if damages:
        more = f" And {len(damages) - 1} more." if len(damages) > 1 else ""
        return CheckResult("files", good=False, text=f"{damages[0]}{more}")
    lacking = [*map(str, report.findings), *flaws]
    if lacking:
        return CheckResult("files", good=False, text=f"as they were stored, but flawed: {lacking[0]}")
    return CheckResult("files", good=True, text=f"{counted(report.frame_sets, 'frame set')}, each as it was stored")
