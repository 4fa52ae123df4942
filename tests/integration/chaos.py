"""Kills and restarts parts at random while a game is recorded, then looks for what is missing.

    python -m tests.integration.chaos --runs 200 --seed 1

A run is one game, one emulator with the real script, a daemon with its page in processes of their own, and browsers
that do not keep up. Time is the emulator's: its clock goes with its frames, so that minutes of outage take seconds.
What must be on disk is computed from the console's memory alone (`truth.py`); what was acknowledged is what the
emulator's socket was given. Where this process may mount a disk the data folder is a small one that really fills up.
"""

import argparse
import contextlib
import gc
import http.client
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

import psutil

from resources import event_logger
from tests.fakes.free_port import free_port
from tests.integration.chaos_emulator import KEPT, LOST, ChaosEmulator
from tests.integration.daemon_process import DaemonProcess
from tests.integration.judging import Outcome, judge, sets_of
from tests.integration.patient_recording import record_with_a_stalled_writer
from tests.integration.questioner import Questioner, ask_memory
from tests.integration.small_disk import SmallDisk, can_mount
from tests.integration.truth import Truth
from tests.integration.visitors import Visitor

__all__ = ["ACTIONS", "Run", "run"]

UNACKNOWLEDGED = 14
"""Frames of the set in progress and of those whose acknowledgement is read later."""

LATEST = 240.0
"""Seconds in which everything must have arrived, and the page be back, once they are left alone: it takes a few, but
the script's pauses double while a busy machine keeps its daemon from answering."""

AT_REST = 30
"""Frames that are played between two looks whether everything has arrived."""

LONGEST_PAUSE = 0.1
"""Seconds between them: then the emulator plays five times as fast as a person."""

BITE = 10
"""Frames between two looks at what the visitors take."""

DISK = "192m"
"""Size of the disk of a run: its game needs a fraction of it, what fills it up takes the rest."""


class Run:
    """One game.

    Args:
        seed: of the game and of everything that happens.
        folder: for the data folder and whatever lies beside it.
        with_page: whether the daemon serves its page.
    """

    def __init__(self, seed: int, folder: Path, *, with_page: bool = False) -> None:
        self.random = Random(seed)
        self.data = folder / "data"
        self.spool = folder / "spool"
        self.disk: SmallDisk | None = None
        self.daemon = DaemonProcess(self.data, free_port(), page_port=free_port() if with_page else None)
        self.truths: list[Truth] = []
        self.outcome = Outcome(seed)
        self._seed = seed
        self._visitors: list[Visitor] = []

    def play(self, steps: int, actions: Sequence[str]) -> Outcome:
        """Play, let things happen, let everything arrive, and judge."""
        try:
            if can_mount():
                self.disk = SmallDisk(self.data, DISK)
            self.daemon.start()
            self.begin()
            try:
                for _ in range(steps):
                    self.frames(self.random.randint(5, 150))
                    action = self.random.choice(actions)
                    self.outcome.done.append(action)
                    ACTIONS[action](self)
                self.arrive()
                self.emulator.stop_script()
                self.page_must_know()
                self.outcome.longest_frame = self.emulator.longest
            finally:
                self.emulator.close()
            for visitor in self._visitors:
                visitor.leave()
            self.daemon.stop()
            self.judge()
        finally:
            self.daemon.end()
            if self.disk is not None:
                self.disk.unmount()
        return self.outcome

    def begin(self) -> None:
        """Start the emulator and its script."""
        self.emulator = ChaosEmulator(self._seed, self.daemon.port, self.spool)
        self.start_script()

    def frames(self, count: int) -> None:
        """Play so many frames."""
        for first in range(0, count, BITE):
            self.emulator.run_frames(min(BITE, count - first))
            for visitor in self._visitors:
                visitor.take()

    def start_script(self) -> None:
        """Start the script; from here on the truth is another one."""
        truth = Truth("chunked")
        truth.begin(self.emulator.frame + 1)
        if self.truths:
            # The script goes on with the session of the one before: counts go on as well.
            truth._changed_at = self.truths[-1]._changed_at
        self.truths.append(truth)
        self.emulator.observers[:] = [truth.observe]
        self.emulator.start_script(event_logger())

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

    def narrow_output(self) -> None:
        """The daemon is stopped, and started where its output takes no letter of the game's name."""
        self.daemon.stop()
        self.frames(self.random.randint(0, 50))
        self.daemon.start(encoding=self.random.choice(["cp1252", "ascii"]))

    def second_daemon(self) -> None:
        """Another daemon starts on the same data folder, finds nothing to do, and is stopped or killed."""
        self.daemon.wait()
        second = DaemonProcess(self.data, free_port())
        second.lines = self.data.with_name("second.lines")
        try:
            second.start()
            self.frames(self.random.randint(1, 100))
            if self.random.random() < 0.5:
                second.stop()
        finally:
            second.end()

    def delete_folder(self) -> None:
        """Somebody deletes the folder of the session that is being recorded."""
        if not self.emulator.sessions:
            return
        session = self.data / self.emulator.sessions[-1]
        doomed = self.data.with_name(f"deleted-{len(self.outcome.done)}")
        with contextlib.suppress(FileNotFoundError):
            # Renamed first: nothing can be written there any more while it is counted.
            session.rename(self.data / ".doomed")
            shutil.move(self.data / ".doomed", doomed)
            self.outcome.delete(session.name, [number for number, _ in sets_of(doomed)])
        self.frames(self.random.randint(1, 100))

    def record_with_a_stalled_writer(self) -> None:
        """A game is recorded elsewhere by `gbatrace record` while the process that writes stands still."""
        data = self.data.with_name(f"recorded-{len(self.outcome.done)}")
        problem = record_with_a_stalled_writer(data, seed=self.random.randint(0, 99), stall=3 * self.random.random())
        if problem:
            self.outcome.problems.append(problem)

    def drop(self) -> None:
        """The connection breaks."""
        self.emulator.drop_connection()

    def restart(self) -> None:
        """The player stops the script and starts it again."""
        self.emulator.stop_script()
        self.outcome.undelivered += self.emulator.told_of(LOST)
        self.emulator.said.clear()
        self.start_script()

    def fill(self) -> None:
        """The disk is full for a while."""
        with self._full_disk():
            self.frames(self.random.randint(1, 300))

    def kill_when_full(self) -> None:
        """The daemon is killed while the disk is full, and started while it still is."""
        with self._full_disk():
            self.frames(self.random.randint(1, 100))
            self.daemon.kill()
            self.frames(self.random.randint(0, 100))
            self.daemon.start(wait=self.random.random() < 0.5)
            self.frames(self.random.randint(0, 100))

    def kill_page(self) -> None:
        """The page's process is killed."""
        self._kill_part("page")

    def freeze_page(self) -> None:
        """The page's process stands still for a while."""
        self._freeze_part("page")

    def kill_writer(self) -> None:
        """The process that writes the files is killed."""
        self._kill_part("writer")

    def kill_in_the_log(self) -> None:
        """The process that writes the files is killed in the midst of a block of the log of changes."""
        self.daemon.log_is_torn.touch()
        self.frames(self.random.randint(1, 200))
        self.daemon.log_is_torn.unlink(missing_ok=True)

    def freeze_writer(self) -> None:
        """The process that writes the files stands still for a while, as one whose disk does not answer."""
        self._freeze_part("writer")

    def kill_analysis(self) -> None:
        """The process that answers questions about memory is killed while somebody asks."""
        with self._questions():
            self.frames(self.random.randint(1, 60))
            self._kill_part("analysis")
            self.frames(self.random.randint(1, 60))

    def freeze_analysis(self) -> None:
        """The process that answers questions about memory stands still for a while."""
        with self._questions():
            self.frames(self.random.randint(1, 60))
            self._freeze_part("analysis")

    def browse_slowly(self) -> None:
        """Somebody watches who takes a few bytes at a time."""
        self._visit(appetite=500)

    def hold_files(self) -> None:
        """A virus scanner holds every file, as on Windows, for less than the writer's patience."""
        self.daemon.wait()
        self.daemon.files_are_held.touch()
        self.frames(self.random.randint(1, 200))
        self.daemon.files_are_held.unlink()

    def browse_dead(self) -> None:
        """Somebody watches who takes nothing."""
        self._visit(appetite=0)

    def arrive(self) -> None:
        """Leave everything alone until the script has nothing left to send."""
        deadline, pause = time.monotonic() + LATEST, 0.01
        while time.monotonic() < deadline:
            self.frames(AT_REST)
            if self.stored_frame() >= self.emulator.frame - UNACKNOWLEDGED:
                return
            # The emulator's time runs ahead of the daemon's, which may be one of many processes of a busy machine.
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        self.outcome.problems.append("not everything arrived")

    def stored_frame(self) -> int:
        """Return the last frame of the set that was acknowledged last."""
        if not self.emulator.acknowledged:
            return 0
        session, number = self.emulator.acknowledged[-1]
        if number in self.outcome.deleted.get(session, ()):
            return 0
        event = json.loads((self.data / session / str(number) / "event.json").read_bytes())
        last: int = event["frames_in_set"][-1]
        return last

    def page_must_know(self) -> None:
        """Wait until the page answers and counts what lies on disk."""
        if self.daemon.page_port is None:
            return
        deadline = time.monotonic() + LATEST
        while (wrong := self._miscounted() or self._memory_is_old()) and time.monotonic() < deadline:
            time.sleep(0.1)
        if wrong:
            self.outcome.problems.append(f"the page {wrong}")

    def judge(self) -> None:
        """Compare what was recorded with the truth."""
        self.outcome.undelivered += self.emulator.told_of(LOST)
        self.outcome.kept = self.emulator.told_of(KEPT)
        judge(self.data, self.truths, self.emulator.acknowledged, self.outcome)

    @contextlib.contextmanager
    def _full_disk(self) -> Any:
        """Half of the time a disk that refuses in the midst of a write, half of the time one that is really full."""
        if self.disk is not None and self.random.random() < 0.5:
            self.disk.fill(left=self.random.randint(0, 1 << 18))
            yield
            self.disk.make_room()
        else:
            self.daemon.wait()
            self.daemon.disk_is_full.touch()
            yield
            self.daemon.disk_is_full.unlink()

    def _kill_part(self, name: str) -> None:
        process = self.daemon.part(name)
        if process is not None:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()

    def _freeze_part(self, name: str) -> None:
        process = self.daemon.part(name)
        if process is not None:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.suspend()
                self.frames(self.random.randint(1, 200))
                process.resume()

    @contextlib.contextmanager
    def _questions(self) -> Any:
        """Somebody asks about memory meanwhile."""
        if self.daemon.page_port is None or not self.emulator.sessions:
            yield
            return
        questioner = Questioner(self.daemon.page_port, self.emulator.sessions[-1])
        try:
            yield
        finally:
            questioner.leave()
            self.outcome.problems += questioner.problems

    def _memory_is_old(self) -> str:
        """Say what is wrong with an answer about the session that was recorded last."""
        assert self.daemon.page_port is not None
        session = next((name for name in reversed(self.emulator.sessions) if name not in self.outcome.deleted), None)
        stored = sets_of(self.data / session) if session is not None else []
        if session is None or not stored:
            return ""
        try:
            status, answer = ask_memory(self.daemon.page_port, session)
        except (OSError, http.client.HTTPException) as error:
            return f"does not answer about memory: {error!r}"
        return "" if (status, answer) == (200, str(max(stored)[0])) else f"answers about memory with {status}: {answer}"

    def _visit(self, appetite: int) -> None:
        if self.daemon.page_port is not None and self.emulator.sessions:
            self._visitors.append(Visitor(self.daemon.page_port, self.emulator.sessions[-1], appetite))

    def _miscounted(self) -> str:
        assert self.daemon.page_port is not None
        line = http.client.HTTPConnection("127.0.0.1", self.daemon.page_port, timeout=5)
        try:
            line.request("GET", "/api/state")
            sessions = json.loads(line.getresponse().read())["sessions"]
        except (OSError, http.client.HTTPException, ValueError) as error:
            return f"does not answer: {error!r}"
        finally:
            line.close()
        wrong = [
            f"counts {session['frame_sets']} of {session['session_id']}"
            for session in sessions
            if session["session_id"] not in self.outcome.deleted
            and session["frame_sets"] != len(sets_of(self.data / session["session_id"]))
        ]
        return ", ".join(wrong) if sessions else "knows no session"


ACTIONS: dict[str, Callable[[Run], None]] = {
    "kill": Run.kill,
    "freeze": Run.freeze,
    "stop": Run.stop,
    "narrow_output": Run.narrow_output,
    "second_daemon": Run.second_daemon,
    "delete_folder": Run.delete_folder,
    "record_with_a_stalled_writer": Run.record_with_a_stalled_writer,
    "drop": Run.drop,
    "restart": Run.restart,
    "fill": Run.fill,
    "kill_when_full": Run.kill_when_full,
    "kill_page": Run.kill_page,
    "freeze_page": Run.freeze_page,
    "kill_writer": Run.kill_writer,
    "kill_in_the_log": Run.kill_in_the_log,
    "freeze_writer": Run.freeze_writer,
    "kill_analysis": Run.kill_analysis,
    "freeze_analysis": Run.freeze_analysis,
    "hold_files": Run.hold_files,
    "browse_slowly": Run.browse_slowly,
    "browse_dead": Run.browse_dead,
}
"""Actions of a run, by name."""


def run(seed: int, steps: int = 8, actions: Sequence[str] = tuple(ACTIONS)) -> Outcome:
    """Play one game.

    Args:
        seed: of the game and of everything that happens.
        steps: how many things happen.
        actions: which things can happen.
    """
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        game = Run(seed, Path(folder), with_page=True)
        try:
            return game.play(steps, actions)
        except Exception as error:  # One run never costs the others.
            game.outcome.problems.append(f"it broke off: {error}")
            return game.outcome


def main() -> int:
    """Play many games and tell of each; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.integration.chaos", description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=8, help="how many things happen in a run")
    parser.add_argument("--actions", nargs="+", choices=list(ACTIONS), default=list(ACTIONS))
    parser.add_argument("--jobs", type=int, default=2, help="runs at a time")
    options = parser.parse_args()
    failed, began = 0, time.monotonic()
    total = Outcome(options.seed)
    play = partial(run, steps=options.steps, actions=options.actions)
    # A process for each run, without a search for cycles: that search and Lua's objects do not agree.
    with ProcessPoolExecutor(
        options.jobs, mp_context=get_context("spawn"), initializer=gc.disable, max_tasks_per_child=1
    ) as pool:
        for outcome in pool.map(play, range(options.seed, options.seed + options.runs)):
            print(outcome, flush=True)  # noqa: T201
            failed += bool(outcome.problems)
            total.done += outcome.done
            total.add(outcome)
    happened = ", ".join(f"{name} {total.done.count(name)}" for name in options.actions)
    print(  # noqa: T201
        f"{options.runs} runs, {failed} with problems, in {time.monotonic() - began:.0f} s on "
        f"{'a small disk' if can_mount() else 'the disk that is there'}. "
        f"All together: {total.numbers}. What happened: {happened}"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
