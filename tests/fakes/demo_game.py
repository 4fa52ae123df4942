"""The demo game in a console: a real core's where there is one, else the tape's; and its tour as a session."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

import resources
from lua.headless.console_choice import open_console
from lua.headless.core import Core
from lua.headless.inputs import read_inputs
from protocol.changes import U32
from protocol.console import GBA
from protocol.session.annotations import Annotations
from protocol.session.frame_set import FrameRecord, FrameSet, ScanChanges
from tests.daemon.exporting.recordings import record

__all__ = ["TOUR_SETS", "demo_console", "record_tour", "symbol_address"]

TOUR_SETS = 1_080
"""Frame sets of the tour, with the ending that nobody presses a button in: 90 seconds."""

_SCENE = "scene"
"""Variable of the demo game whose values have the names of contexts."""


def demo_console() -> Core:
    """Open the demo game, to be played with the tour's inputs from the start; a test needs nothing to be installed."""
    return open_console(resources.demo_rom(), None, resources.demo_tape(), lambda _line: None)


def symbol_address(name: str) -> int:
    """Return the true bus address of a variable of the demo game."""
    return int(_symbol(name)["address"], 16)


def record_tour(data_folder: Path, name: str = "tour") -> None:
    """Record the tour as a session, its contexts labelled as the game itself knows them.

    Nothing is known of a word before it first changes: no label stands there.
    """
    scene, kinds = symbol_address(_SCENE), _symbol(_SCENE)["values"]
    word, shift = scene & ~3, 8 * (scene & 3)
    labels: dict[int, Annotations] = {}
    sets = list(_played(TOUR_SETS))
    context = ""
    for each in sets:
        for scan in each.changes:
            for value in scan.current[scan.addresses == word].tolist():
                context = kinds[str(value >> shift & 0xFF)]
        if context:
            labels[each.frame_set_id] = Annotations(context=context)
    metadata = record(data_folder, name, sets, labels).folder.metadata
    document = json.loads(metadata.read_bytes())
    document["rom_hash"] = hashlib.sha1(resources.demo_rom().read_bytes()).hexdigest().upper()
    metadata.write_text(json.dumps(document), "utf-8")


def _played(sets: int) -> Iterator[FrameSet]:
    """Play the tour, memory scanned once in a frame set of five frames."""
    console, inputs = demo_console(), read_inputs(resources.demo_tour())
    memory: dict[str, U32] = {}
    for number in range(sets):
        held = [inputs.pressed(frame) for frame in range(5 * number, 5 * number + 5)]
        for pressed in held:
            console.run_frame(pressed)
        scans = []
        for region in GBA.regions:
            now = np.frombuffer(bytes(console.memories()[region.domain]), "<u4")
            before = memory.get(region.name, np.zeros_like(now))
            some = np.flatnonzero(now != before)
            memory[region.name] = now
            if len(some):
                addresses, ones = (region.base + 4 * some).astype(np.uint32), np.ones(len(some), np.uint16)
                scans.append(ScanChanges(region.name, 0, 5 * number + 4, addresses, before[some], now[some], ones))
        buttons = ["" if pressed == 0 else GBA.combination(pressed) for pressed in held]
        frames = tuple(FrameRecord(5 * number + at, 84 * number + 17 * at, 0, buttons[at], ()) for at in range(5))
        yield FrameSet(number, frames, tuple(scans), (), b"")
    console.close()


def _symbol(name: str) -> dict[str, Any]:
    rows: list[dict[str, Any]] = json.loads(resources.demo_symbols().read_text("utf-8"))
    return next(row for row in rows if row["name"] == name)
