"""Runs of a script in the stand-in emulator, each of its turns measured.

A turn is what the script does between the end of one frame and the start of the next: Lua, and the stand-in's side of
the calls. It is measured in processor time of the emulator's thread: what others do on a busy machine, and waiting for
a reply, are not in it. Pictures are drawn before and cost nothing, and the registers of a real core are read before.

The stand-in's side of a call takes another time than BizHawk's. So turns are measured in two more ways, whose sum is
what a turn would cost in BizHawk: the time of Lua alone, and the calls as `lua.headless.costs` weighs them. The time
of Lua is what is left when that of the calls is taken away. Clocks around each call make everything slower, so it is
found in runs of its own; the baseline makes so many calls that nothing of use would be left.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lua.headless.core import Core
from lua.headless.costs import Costs
from lua.headless.emulator import Emulator, SavedState
from lua.headless.flavours import Flavour
from lua.headless.inputs import Inputs
from lua.headless.marshalling import Marshaller
from lua.headless.script import LuaMachine
from tests.bench.null_daemon import NullDaemon, take_apart
from tests.bench.synthetic_game import FRAMES_PER_SET
from tests.fakes.game_picture import draw_game

__all__ = ["Scan", "Stage", "Turn", "run_baseline", "run_script"]

SCRIPT = Path(__file__).parents[2] / "lua" / "event_logger.lua"
BASELINE = Path(__file__).with_name("baseline_scan.lua")


@dataclass(frozen=True, slots=True)
class Stage:
    """A game at a certain place, and how long it is played.

    Args:
        core: makes the console.
        frames: frames that are measured.
        warm_up: frames before, in which the script meets the memory for the first time and learns its habits.
        begin: frames that have passed before, with the console's state; None starts from the beginning.
        inputs: who plays.
    """

    core: Callable[[], Core]
    frames: int
    warm_up: int
    begin: SavedState | None = None
    inputs: Inputs | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn.

    Args:
        milliseconds: processor time of Lua and of the stand-in's side of the calls.
        lua: milliseconds of processor time of Lua alone; means something in a clocked run only.
        weighed: milliseconds that the calls would take in BizHawk, estimated.
        calls: into BizHawk.
        elements: of tables that crossed.
        sent: bytes.
    """

    milliseconds: float
    lua: float
    weighed: float
    calls: int
    elements: int
    sent: int


@dataclass(frozen=True, slots=True)
class Scan:
    """A whole run.

    Args:
        turns: one for each measured frame.
        changes: changed words that the script told of in them.
        wire_bytes: what it sent in them, without screenshots.
        before: one for each frame of the warm-up, first sight included.
    """

    turns: list[Turn]
    changes: int
    wire_bytes: int
    before: list[Turn]


class _Stage(Emulator):
    """The stand-in emulator with a picture that is ready."""

    def take_screenshot(self) -> bytes:
        return _PICTURE


_PICTURE = draw_game(0)

_CALLS = b"local call = bench.call for address = 1, 20000 do call(address, 'IWRAM') end"


def run_script(stage: Stage, flavour: Flavour, mode: str, *, clocked: bool = False) -> Scan:
    """Run our script against a daemon that takes everything.

    Args:
        stage: the game.
        flavour: the BizHawk that is imitated.
        mode: `chunked`, `atomic` or `full`.
        clocked: whether to find the time of Lua alone.
    """
    with NullDaemon() as daemon:
        emulator = _emulator(stage, flavour, {"scan_mode": mode}, ("127.0.0.1", daemon.port), clocked=clocked)
        try:
            before = _play(emulator, SCRIPT, stage.warm_up)
            skipped = _sent(emulator)
            turns = _play(emulator, None, stage.frames)
            measured = _sent(emulator)
            emulator.stop_script()
        finally:
            emulator.close()
    assert len(daemon.received) >= measured, "the script's bytes did not all arrive"
    taken = take_apart(bytes(daemon.received[:measured]), skipped)
    assert taken.sets == stage.frames // FRAMES_PER_SET, "the script did not run as it should"
    return Scan(turns, taken.changes, measured - skipped - taken.screenshots, before)


def run_baseline(stage: Stage, folder: Path) -> Scan:
    """Run the baseline, which writes into an empty folder. It needs one frame set to know the memory."""
    paths = {"log": str(folder / "log.csv"), "snapshots": f"{folder}/"}
    emulator = _emulator(stage, "2.11.1", paths, None)
    try:
        emulator.run_frames(stage.warm_up - FRAMES_PER_SET)
        before = _play(emulator, BASELINE, FRAMES_PER_SET)
        turns = _play(emulator, None, stage.frames)
        emulator.stop_script()
    finally:
        emulator.close()
    with (folder / "log.csv").open("rb") as log:
        changes = sum(1 for _ in log)
    return Scan(turns, changes, 0, before)


def _emulator(
    stage: Stage,
    flavour: Flavour,
    userdata: Mapping[str, object],
    link: tuple[str, int] | None,
    *,
    clocked: bool = False,
) -> Emulator:
    emulator = _Stage(stage.core(), flavour=flavour, link=link, inputs=stage.inputs, userdata=userdata)
    if clocked:
        emulator.costs = Costs(time.thread_time_ns)
    if stage.begin is not None:
        emulator.rewind(stage.begin)
    return emulator


def _play(emulator: Emulator, script: Path | None, frames: int) -> list[Turn]:
    started = 0

    def begin(_emulator: Emulator) -> None:
        nonlocal started
        started = time.thread_time_ns()

    emulator.observers[:] = [begin]
    if script is not None:
        emulator.start_script(script)
    turns = []
    for _ in range(frames):
        within = emulator.costs.nanoseconds
        emulator.run_frame()
        spent = time.thread_time_ns() - started
        calls, elements, _, sent = emulator.costs.last_frame
        lua = spent - (emulator.costs.nanoseconds - within) - calls * _crossing_time()
        turns.append(Turn(spent / 1e6, max(0.0, lua / 1e6), emulator.costs.last_weighed, calls, elements, sent))
    return turns


@cache
def _crossing_time() -> float:
    """Measure the nanoseconds by which a clocked call from Lua takes longer than the clock tells."""
    costs, machine = Costs(time.thread_time_ns), LuaMachine()
    try:
        marshaller = Marshaller(costs, machine.make_table)
        machine.install("bench", marshaller.library("bench", {"call": lambda _address, _domain: 0}))
        began = time.thread_time_ns()
        machine.load(_CALLS).send(None)
    except StopIteration:
        return (time.thread_time_ns() - began - costs.nanoseconds) / costs.calls
    finally:
        machine.close()
    raise AssertionError("the script yielded")


def _sent(emulator: Emulator) -> int:
    return emulator.socket.sent if emulator.socket else 0
