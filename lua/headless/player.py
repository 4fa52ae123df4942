"""Unattended play in the stand-in emulator, for `gbatrace record` and `gbatrace demo`."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Literal

from lua.headless.console_choice import open_console
from lua.headless.costs import CostSummary
from lua.headless.emulator import Emulator
from lua.headless.flavours import NEWEST, Flavour
from lua.headless.inputs import Inputs, NoInputs, RandomInputs, SequentialInputs, read_inputs
from lua.headless.pacing import Pacer

__all__ = ["PlayOptions", "PlayReport", "play"]

Speed = Literal["real", "max"]


@dataclass(frozen=True, slots=True)
class PlayOptions:
    """Options of a play. `inputs` play first, then `seed`, where they are given."""

    rom: Path
    """The game file."""
    script: Path
    """The Lua script to run."""
    port: int
    """The daemon's port."""
    host: str = "127.0.0.1"
    """The daemon's IPv4 address."""
    core: Path | None = None
    """The libretro core, or a tape; a core is looked for if not given."""
    tape: Path | None = None
    """The tape to play where no core is found."""
    frames: int | None = None
    """Frames to run; until it is stopped if not given."""
    reset_after: int | None = None
    """Frames after which the console is reset, again and again: the inputs begin again with it."""
    seed: int | None = None
    """Seed of a player at random."""
    inputs: Path | None = None
    """A recorded input file."""
    speed: Speed = "real"
    """`real`: 59.7275 frames per second; `max`: as fast as it goes."""
    flavour: Flavour = NEWEST
    """The BizHawk that is imitated."""
    userdata: dict[str, object] = field(default_factory=dict)
    """Settings for the script, as BizHawk's `--userdata` passes them."""


@dataclass(frozen=True, slots=True)
class PlayReport:
    """Report of a play."""

    frames: int
    """Frames run."""
    seconds: float
    """Duration, start-up not included."""
    stopped_by: Literal["frames", "request", "script"]
    """All frames were run; it was asked to stop; or the script called `client.exit()`."""
    core: str
    """Name of the core that played."""
    costs: CostSummary
    """Costs of the script per frame."""
    console: tuple[str, ...]
    """The lines of the Lua console."""

    def sentence(self) -> str:
        """Sum up in one line what was played and what the script cost per frame."""
        calls, elements, sent = self.costs.calls, self.costs.elements, self.costs.sent
        weighed = self.costs.weighed
        return (
            f"{self.frames:,} frames in {self.seconds:.1f} s on {self.core}; the script's cost per frame: "
            f"BizHawk calls {calls.median:,.0f} (p99 {calls.p99:,.0f}, at most {calls.maximum:,}), "
            f"table elements {elements.median:,.0f} (p99 {elements.p99:,.0f}, at most {elements.maximum:,}), "
            f"bytes sent {sent.median:,.0f} (p99 {sent.p99:,.0f}, at most {sent.maximum:,}); "
            f"BizHawk's side of it, estimated, {weighed.median:.2g} ms "
            f"(p99 {weighed.p99:.2g}, at most {weighed.maximum:.2g})"
        )


def play(
    options: PlayOptions,
    *,
    stop: threading.Event | None = None,
    on_console_line: Callable[[str], None] | None = None,
    on_frame: Callable[[Emulator], None] | None = None,
) -> PlayReport:
    """Play a game from its start until enough frames were run, or until it is asked to stop.

    The script is stopped as a player would stop it, so that it sends what it has kept, and BYE. In the main
    thread, Ctrl+C is such a request; a second Ctrl+C interrupts.

    Args:
        options: what to play, and how.
        stop: set it from any thread to stop after the current frame.
        on_console_line: takes each line of the Lua console as it appears.
        on_frame: called at the end of each frame, before the script.

    Raises:
        UserError: the ROM, core, script, input file or daemon is missing or not what it should be.
        FrozenError: EmuHawk would stand still.
    """
    asked_to_stop = stop or threading.Event()
    inputs = _choose_inputs(options)
    core = open_console(options.rom, options.core, options.tape, on_console_line or _say_nothing)
    try:
        emulator = Emulator(
            core,
            flavour=options.flavour,
            link=(options.host, options.port),
            inputs=inputs,
            userdata=options.userdata,
            on_console_line=on_console_line,
        )
    except BaseException:
        core.close()
        raise
    emulator.asked_to_end = asked_to_stop
    if on_frame:
        emulator.observers.append(on_frame)
    try:
        with _ctrl_c_sets(asked_to_stop):
            emulator.start_script(options.script)
            started = time.perf_counter()
            frames = _run(emulator, options, asked_to_stop)
            seconds = time.perf_counter() - started
            emulator.stop_script()
    finally:
        emulator.close()
    stopped_by: Literal["frames", "request", "script"] = "frames"
    if frames != options.frames:
        stopped_by = "script" if emulator.exit_requested else "request"
    return PlayReport(frames, seconds, stopped_by, core.name, emulator.costs.summary(), tuple(emulator.console.lines))


def _run(emulator: Emulator, options: PlayOptions, stop: threading.Event) -> int:
    pacer = Pacer(time.perf_counter()) if options.speed == "real" else None
    frames = 0
    while frames != options.frames and not emulator.exit_requested:
        delay = pacer.next_frame(time.perf_counter()) if pacer else 0.0
        if delay:
            time.sleep(delay)  # Not `stop.wait`: on Windows that waits in steps of 15.6 ms, nearly a frame.
        if stop.is_set():
            break
        if frames and options.reset_after and frames % options.reset_after == 0:
            emulator.reboot(script_runs_on=True)
        emulator.run_frame()
        frames += 1
    return frames


def _choose_inputs(options: PlayOptions) -> Inputs:
    seeded = NoInputs() if options.seed is None else RandomInputs(options.seed)
    return seeded if options.inputs is None else SequentialInputs(read_inputs(options.inputs), seeded)


def _say_nothing(_line: str) -> None:
    pass


@contextmanager
def _ctrl_c_sets(stop: threading.Event) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def request_stop(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = signal.signal(signal.SIGINT, request_stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
