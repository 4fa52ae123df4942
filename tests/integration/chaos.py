"""Kills and restarts parts at random while a game is recorded, then looks for what is missing.

    python -m tests.integration.chaos --runs 200 --seed 1

A run is one game, one emulator with the real script, and a daemon in a process of its own. Time is the emulator's: its
clock goes with its frames, so that minutes of outage take seconds. What must be on disk is computed from the console's
memory alone (`truth.py`); what was acknowledged is what the emulator's socket was given.
"""

import argparse
import gc
import io
import json
import socket
import struct
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from PIL import Image

from daemon.assembler import NO_SCREENSHOT
from daemon.batch.verify import verify_session
from daemon.batch.verify_report import Grade
from daemon.cli import SCRIPT
from lua.headless.emulator import Emulator
from lua.headless.script import LuaMachine
from protocol.codec import decode
from protocol.messages import Ack, Welcome
from tests.integration.daemon_process import DaemonProcess, free_port
from tests.integration.noisy_core import noisy_core
from tests.integration.truth import FrameTruth, Truth

__all__ = ["ACTIONS", "Outcome", "run"]

PATIENCE = 300
"""Milliseconds that the script waits for an answer."""

FRAME_CLOCK = """
local began = os.time()
os.time = function()
   return began + emu.framecount() // 60
end
"""
"""Makes the script's clock go with the frames."""

LOST, KEPT = "could not be delivered", "wait for the next start"
"""What the script says of frame sets that it could not deliver when it ended."""

UNACKNOWLEDGED = 14
"""Frames of the set in progress and of those whose acknowledgement is read later."""

LATEST = 60.0
"""Seconds in which everything must have arrived once the daemon is left alone."""


class ChaosEmulator(Emulator):
    """An emulator whose clock goes with its frames, and that notes what it was told.

    Attributes:
        acknowledged: session and frame set of each ACK that the script was given.
        sessions: the sessions that it was welcomed to.
        longest: the longest that a frame took, in seconds.
    """

    def __init__(self, seed: int, port: int, spool: Path) -> None:
        self.acknowledged: list[tuple[str, int]] = []
        self.sessions: list[str] = []
        self.longest = 0.0
        self.said: list[str] = []
        self.dropped = 0
        userdata = {"patience": str(PATIENCE), "reconnect_interval": "1", "ring_size": "20000", "proof_interval": "3"}
        userdata["spool_folder"] = str(spool)
        link = ("127.0.0.1", port)
        super().__init__(noisy_core(seed), link=link, userdata=userdata, on_console_line=self.said.append)
        assert self.link is not None
        self._receive = self.link.receive_string
        self.link.receive_string = self._note  # type: ignore[method-assign]

    def run_frame(self) -> None:
        start = time.perf_counter()
        super().run_frame()
        self.longest = max(self.longest, time.perf_counter() - start)

    def close(self) -> None:
        super().close()
        assert self.link is not None
        # The emulator must go by itself: Lua's objects do not survive Python's search for cycles.
        del self.link.receive_string, self._receive

    def drop_connection(self) -> None:
        """Lose the connection without a word, as a pulled cable does once it is noticed."""
        assert self.link is not None
        wire = self.link._socket
        if wire.fileno() >= 0:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            wire.close()

    def _install(self, machine: LuaMachine) -> None:
        super()._install(machine)
        machine._runtime.execute(FRAME_CLOCK.encode())

    def _note(self) -> str:
        text = self._receive()
        if text:
            match decode(text.encode()):
                case _, Ack(number):
                    self.acknowledged.append((self.sessions[-1], number))
                case _, Welcome(session):
                    self.sessions.append(session)
        return text


@dataclass
class Outcome:
    """What a run came to. `problems` must be empty."""

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
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        text = (
            f"seed {self.seed}: {self.played} sets played, {self.stored} stored in {self.sessions} sessions, "
            f"{self.acknowledged} acknowledged, {self.without_screenshot} without screenshot, "
            f"{self.gaps} in gaps, {self.undelivered} never delivered, {self.kept} kept in the spool, "
            f"longest frame {self.longest_frame:.2f} s, after {' '.join(self.done)}"
        )
        return "\n    ".join([text, *self.problems])


class Run:
    """One game."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.random = Random(seed)
        self.data = folder / "data"
        self.spool = folder / "spool"
        self.daemon = DaemonProcess(self.data, free_port())
        self.truths: list[Truth] = []
        self.outcome = Outcome(seed)
        self._seed = seed

    def play(self, steps: int, actions: Sequence[str]) -> Outcome:
        """Play, let things happen, let everything arrive, and judge."""
        self.daemon.start()
        try:
            self.begin()
            try:
                for _ in range(steps):
                    self.frames(self.random.randint(5, 150))
                    action = self.random.choice(actions)
                    self.outcome.done.append(action)
                    ACTIONS[action](self)
                self.arrive()
                self.emulator.stop_script()
                self.outcome.longest_frame = self.emulator.longest
            finally:
                self.emulator.close()
            self.daemon.stop()
            self.judge()
        finally:
            self.daemon.end()
        return self.outcome

    def begin(self) -> None:
        self.emulator = ChaosEmulator(self._seed, self.daemon.port, self.spool)
        self.start_script()

    def frames(self, count: int) -> None:
        self.emulator.run_frames(count)

    def start_script(self) -> None:
        truth = Truth("chunked")
        truth.begin(self.emulator.frame + 1)
        if any(self.spool.glob("*/journal.bin")):
            # The script goes on with the session of what lies there: counts go on as well.
            truth._changed_at = self.truths[-1]._changed_at
        self.truths.append(truth)
        self.emulator.observers[:] = [truth.observe]
        self.emulator.start_script(SCRIPT)

    def kill(self) -> None:
        """The daemon is killed, and started again after a while."""
        self.daemon.kill()
        self.frames(self.random.randint(0, 200))
        self.daemon.start(wait=self.random.random() < 0.5)

    def freeze(self) -> None:
        """The daemon stands still for a while."""
        self.daemon.freeze()
        self.frames(self.random.randint(1, 200))
        time.sleep(self.random.random() / 4)
        self.daemon.thaw()

    def stop(self) -> None:
        """The daemon is stopped as a person does, and started again."""
        self.daemon.stop()
        self.frames(self.random.randint(0, 100))
        self.daemon.start()

    def drop(self) -> None:
        """The connection breaks."""
        self.emulator.drop_connection()

    def restart(self) -> None:
        """The player stops the script and starts it again."""
        self.emulator.stop_script()
        self.outcome.undelivered += told_of(self.emulator.said, LOST)
        self.emulator.said.clear()
        self.start_script()

    def fill(self) -> None:
        """The disk is full for a while. A daemon does not start on a full disk: it says so and ends."""
        self.daemon.wait()
        self.daemon.disk_is_full.touch()
        self.frames(self.random.randint(1, 300))
        self.daemon.disk_is_full.unlink()

    def arrive(self) -> None:
        """Leave everything alone until the script has nothing left to send."""
        deadline = time.monotonic() + LATEST
        while time.monotonic() < deadline:
            self.frames(30)
            if self.stored_frame() >= self.emulator.frame - UNACKNOWLEDGED:
                return
        self.outcome.problems.append("not everything arrived")

    def stored_frame(self) -> int:
        if not self.emulator.acknowledged:
            return 0
        session, number = self.emulator.acknowledged[-1]
        event = json.loads((self.data / session / str(number) / "event.json").read_bytes())
        last: int = event["frames_in_set"][-1]
        return last

    def judge(self) -> None:
        outcome, problem = self.outcome, self.outcome.problems.append
        outcome.undelivered += told_of(self.emulator.said, LOST)
        outcome.kept = told_of(self.emulator.said, KEPT)
        expected = dict(expected_sets(self.truths))
        outcome.played = len(expected)
        stored = {}
        seen: dict[int, str] = {}
        for session in sorted(path.parent for path in self.data.glob("*/session_metadata.json")):
            outcome.sessions += 1
            for left in [*session.glob(".*"), *session.rglob("*.partial")]:
                problem(f"{session.name} has {left.name} left")
            for number, event in sets_of(session):
                outcome.stored += 1
                stored[session.name, number] = event
                first = event["frames_in_set"][0]
                if first in seen:
                    problem(f"{session.name}/{number} is {seen[first]} once more")
                seen[first] = f"{session.name}/{number}"
                counted = "restart" not in outcome.done
                for text in differences(session, number, event, expected.get(first), counted=counted):
                    problem(f"{session.name}/{number}: {text}")
            self.judge_session(session)
        for session_name, number in set(self.emulator.acknowledged):
            outcome.acknowledged += 1
            if (session_name, number) not in stored:
                problem(f"{session_name}/{number} was acknowledged and is missing")
        missing = outcome.played - len(seen)
        known = outcome.gaps + outcome.undelivered + outcome.kept
        if missing > known:
            problem(f"{missing} sets are missing, {known} are known to be")

    def judge_session(self, session: Path) -> None:
        outcome, problem = self.outcome, self.outcome.problems.append
        metadata = json.loads((session / "session_metadata.json").read_bytes())
        events = [event for _, event in sets_of(session)]
        numbers = [event["frame_set_id"] for event in events]
        flawed = [event for event in events if event["flaws"]]
        bare = [event for event in flawed if NO_SCREENSHOT in event["flaws"]]
        gaps = numbers[-1] + 1 - len(numbers) if numbers else 0
        outcome.without_screenshot += len(bare)
        outcome.gaps += gaps
        report = verify_session(session)
        if report.grade is Grade.DAMAGED:
            problem(f"{session.name} is damaged: {'; '.join(map(str, report.findings))}")
        if metadata["ended_by"] is None:
            problem(f"{session.name} never ended")
        if metadata["total_frame_sets"] != len(events):
            problem(f"{session.name} counts {metadata['total_frame_sets']} sets and has {len(events)}")
        if metadata["lost"] != {"frame_sets": gaps, "screenshots": len(bare), "flawed": len(flawed)}:
            problem(f"{session.name} says it lost {metadata['lost']}")


ACTIONS: dict[str, Callable[[Run], None]] = {
    "kill": Run.kill,
    "freeze": Run.freeze,
    "stop": Run.stop,
    "drop": Run.drop,
    "restart": Run.restart,
    "fill": Run.fill,
}
"""What can happen, by name."""


def run(seed: int, steps: int = 6, actions: Sequence[str] = tuple(ACTIONS)) -> Outcome:
    """Play one game.

    Args:
        seed: of the game and of everything that happens.
        steps: how many things happen.
        actions: which things can happen.
    """
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        return Run(seed, Path(folder)).play(steps, actions)


def expected_sets(truths: Sequence[Truth]) -> Iterator[tuple[int, tuple[list[Any], list[FrameTruth]]]]:
    """Give changes and frames of each set that the script has scanned, by its first frame."""
    for truth in truths:
        for changes, frames in zip(truth.changes, truth.frames, strict=True):
            yield frames[0].frame, (changes, frames)


def sets_of(session: Path) -> list[tuple[int, dict[str, Any]]]:
    numbers = sorted(int(path.name) for path in session.iterdir() if path.name.isdecimal())
    return [(number, json.loads((session / str(number) / "event.json").read_bytes())) for number in numbers]


def differences(
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
    picture = session / str(number) / f"{number}.png"
    if NO_SCREENSHOT not in event["flaws"]:
        pixels = np.asarray(Image.open(io.BytesIO(picture.read_bytes())).convert("RGB"))
        if frames[-1].picture is None or not np.array_equal(pixels, frames[-1].picture):
            yield "its screenshot is another"


def told_of(said: Sequence[str], phrase: str) -> int:
    """Add up the frame sets of which the script says this."""
    return sum(int(line.split(": ")[1].split()[0]) for line in said if phrase in line)


def main() -> int:
    """Play many games and tell of each; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.integration.chaos", description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=6, help="how many things happen in a run")
    parser.add_argument("--actions", nargs="+", choices=list(ACTIONS), default=list(ACTIONS))
    parser.add_argument("--jobs", type=int, default=2, help="runs at a time")
    options = parser.parse_args()
    failed = 0
    total = Outcome(options.seed)
    play = partial(run, steps=options.steps, actions=options.actions)
    # A process for each run, without a search for cycles: that search and Lua's objects do not agree.
    with ProcessPoolExecutor(
        options.jobs, mp_context=get_context("spawn"), initializer=gc.disable, max_tasks_per_child=1
    ) as pool:
        for outcome in pool.map(play, range(options.seed, options.seed + options.runs)):
            print(outcome, flush=True)  # noqa: T201
            failed += bool(outcome.problems)
            for name in (
                "sessions",
                "played",
                "stored",
                "acknowledged",
                "without_screenshot",
                "gaps",
                "undelivered",
                "kept",
            ):
                setattr(total, name, getattr(total, name) + getattr(outcome, name))
            total.longest_frame = max(total.longest_frame, outcome.longest_frame)
    print(f"{options.runs} runs, {failed} with problems. All together: {total}")  # noqa: T201
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
