"""One session of a fleet, recorded from power-on and handed over whole. Shell."""

import hashlib
import platform
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from math import inf
from pathlib import Path

import numpy as np

from daemon.fleet.catalogue import CatalogueRow
from daemon.fleet.plan import PlannedSession
from daemon.fleet.policies import GameView, PolicyChoice
from daemon.fleet.target import Target
from daemon.headless.recorder import HeadlessRecorder, RecorderOptions
from lua.headless.console_choice import open_console
from lua.headless.core import Core
from protocol.console import GBA
from protocol.session.change_log import EntryKind, kinds_of
from protocol.session.change_log_reader import logged_blocks
from protocol.session.reader import open_session

__all__ = ["FleetJob", "record_session"]

_REPORT_EVERY = 1.0
"""Seconds between two reports of progress."""


@dataclass(frozen=True, slots=True)
class FleetJob:
    """Job of a recorder, the same for all sessions of a fleet. It can be sent to other machines.

    Args:
        game: the ROM's name.
        rom: its content.
        rom_sha1: of it, upper-case hex.
        core: the libretro core; each machine looks for its own without it.
        game_config: the game config, instead of the one that fits the game.
        policy: who plays.
        target: where sessions go.
        began: when the fleet was first started, ms since the epoch. Sessions are timed one after the other from there,
            at the console's own speed.
        session_frames: of a session, but for a shorter last one.
    """

    game: str
    rom: bytes
    rom_sha1: str
    core: Path | None
    game_config: Path | None
    policy: PolicyChoice
    target: Target
    began: int
    session_frames: int


def record_session(job: FleetJob, session: PlannedSession, worker: str, tries: int) -> Iterator[int | CatalogueRow]:
    """Record a session and hand it over.

    Args:
        job: of the fleet.
        session: the session.
        worker: the recorder's name, for the catalogue.
        tries: recorders that began the session, this one included.

    Yields:
        Frames recorded, after the first and then about once a second; last the session's row of the catalogue, when it
        is stored.

    Raises:
        FleetError: the policy failed.
        GbatraceError: the core does not run here, or a disk or the target refused.
    """
    if known := job.target.receipt(session.name):
        yield known
        return
    started, processor = time.monotonic(), time.process_time()
    with job.target.workspace(session.name) as folder:
        memory = hashlib.sha256()
        recorded = Path()
        with ExitStack() as stack:
            core = stack.enter_context(closing(_console(job, Path(stack.enter_context(_roms())))))
            began = job.began + round(1000 * session.number * job.session_frames / GBA.frames_per_second)
            options = RecorderOptions(session_name=session.name, game_config=job.game_config, began=began)
            recorder = stack.enter_context(HeadlessRecorder(folder, core, options))
            yield from _played(job.policy, session, core, recorder)
            for region in GBA.regions:
                memory.update(core.memories()[region.domain])
            recorded = recorder.folder
        frame_sets, changes = _counts(recorded)
        yield job.target.hand_over(
            recorded,
            CatalogueRow(
                session=session.name,
                game=job.game,
                rom_sha1=job.rom_sha1,
                seed=session.seed,
                policy=job.policy.name,
                frames=session.frames,
                frame_sets=frame_sets,
                changes=changes,
                memory_sha256=memory.hexdigest(),
                seconds=round(time.monotonic() - started, 3),
                processor_seconds=round(time.process_time() - processor, 3),
                worker=f"{worker} on {platform.node()}",
                tries=tries,
            ),
        )


def _roms() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="gbatrace-rom-", ignore_cleanup_errors=True)


def _console(job: FleetJob, folder: Path) -> Core:
    """Open the game in a console that is fresh: what a game saved would outlast a reset."""
    rom = folder / f"{job.game}.gba"
    rom.write_bytes(job.rom)
    return open_console(rom, job.core, None, lambda _line: None)


def _played(choice: PolicyChoice, session: PlannedSession, core: Core, recorder: HeadlessRecorder) -> Iterator[int]:
    """Play and record, and yield how far it is."""
    game = GameView(core)
    reported = -inf  # The first frame says that it plays.
    player = choice.player()
    player.reset(session.seed)
    for frame in range(session.frames):
        recorder.step(player.buttons(frame, game))
        if time.monotonic() - reported > _REPORT_EVERY:
            reported = time.monotonic()
            yield frame + 1


def _counts(folder: Path) -> tuple[int, int]:
    """Count the frame sets and changes of a session that is whole."""
    frame_sets = changes = 0
    for block in logged_blocks(open_session(folder)):
        frame_sets += len(block.numbers)
        changes += int(np.count_nonzero(kinds_of(block.entry_kinds) == EntryKind.CHANGED)) + block.left_out
    return frame_sets, changes
