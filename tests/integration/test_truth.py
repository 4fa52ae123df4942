"""The truth test: what is recorded is, one for one, what the console's memory did."""

import hashlib
import io
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zstandard
from PIL import Image

import resources
from daemon.verifying.report import Grade
from daemon.verifying.verify import verify_session
from lua.headless.emulator import Emulator
from lua.headless.flavours import BULK_READS, FLAVOURS, Flavour
from lua.headless.inputs import RandomInputs, read_inputs
from lua.headless.libretro_core import LibretroCore
from lua.headless.marshalling import Marshaller
from lua.headless.memory_api import MemoryApi
from protocol.console import GBA
from protocol.session.layout import SessionFolder
from protocol.session.reader import SessionReader
from resources import event_logger
from tests.fakes.demo_game import demo_console
from tests.integration.running_daemon import running_daemon
from tests.integration.truth import ODD_REGIONS, REGIONS, Regions, Truth
from tests.protocol.session.test_event_json import EVENT_VALIDATOR, ORIGINAL_KEYS

BULK_READ = b"read_bytes_as_binary_string"
ORIGINAL_METADATA_KEYS = [
    *("session_id", "created_at", "created_timestamp", "total_frame_sets", "num_frames_per_set"),
    *("frame_set_id_range", "source_csv", "game_config", "is_custom_name", "game_name"),
]
FRAMES = 3600
LEAD = 25
"""Frames after which the first frame set must be on disk."""


DEMO = resources.demo_rom()
OTHER_ROMS = [Path(path) for path in os.environ.get("GBATRACE_TRUTH_ROMS", "").split(os.pathsep) if path]
"""Other games by path: `GBATRACE_TRUTH_ROMS=a.gba:b.gba pytest tests/integration/test_truth.py` (`;` on Windows)."""


def record(
    data_folder: Path,
    flavour: Flavour,
    mode: str,
    frames: int,
    rom: Path = DEMO,
    *,
    is_movie: bool = False,
    script: Path | None = None,
    regions: Regions = REGIONS,
) -> tuple[Path, Truth, Emulator]:
    """Play the tour of the demo game, or another at random; return the session's folder, the truth and the emulator.

    As a movie the tour is played while a person holds other buttons.
    """
    truth = Truth(mode, regions)
    play = read_inputs(resources.demo_tour()) if rom == DEMO else RandomInputs(1)
    with running_daemon(data_folder) as endpoints:
        emulator = Emulator(
            demo_console() if rom == DEMO else LibretroCore(rom),
            flavour=flavour,
            link=("127.0.0.1", endpoints.link_port),
            inputs=RandomInputs(2) if is_movie else play,
            movie=play if is_movie else None,
            userdata={"scan_mode": mode, "spool_size": 0},
        )
        emulator.observers.append(truth.observe)
        try:
            emulator.start_script(script or event_logger())
            emulator.run_frames(LEAD)
            truth.begin(first_frame_of(data_folder))
            emulator.run_frames(frames - LEAD)
            emulator.stop_script()
        finally:
            emulator.close()
    (session,) = sessions_in(data_folder)
    return session, truth, emulator


def first_frame_of(data_folder: Path) -> int:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for session in sessions_in(data_folder):
            event = session / "0" / "event.json"
            if event.is_file():
                return int(json.loads(event.read_bytes())["frames_in_set"][0])
        time.sleep(0.02)
    raise AssertionError("no frame set was stored")


def sessions_in(data_folder: Path) -> list[Path]:
    return [path.parent for path in data_folder.glob("*/session_metadata.json")]


def events_of(session: Path) -> Iterator[dict[str, Any]]:
    for number in range(len([path for path in session.iterdir() if path.name.isdigit()])):
        yield json.loads((session / str(number) / "event.json").read_bytes())


def rows_of(event: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [tuple(change.values()) for change in event["memory_changes"]]


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("rom", [DEMO, *OTHER_ROMS], ids=lambda rom: rom.stem)
@pytest.mark.parametrize(
    ("flavour", "mode", "frames"),
    [
        ("2.10", "chunked", FRAMES),
        ("2.11", "chunked", 1200),
        ("2.11.1", "chunked", FRAMES),
        ("2.11.1", "atomic", 1200),
        ("2.11.1", "full", 1200),
    ],
)
def test_recorded_changes_equal_those_of_memory(
    tmp_path: Path, flavour: Flavour, mode: str, frames: int, rom: Path
) -> None:
    session, truth, emulator = record(tmp_path, flavour, mode, frames, rom)
    events = list(events_of(session))

    assert len(events) == len(truth.changes)
    assert len(events) >= (frames - LEAD) / 5
    compared = 0
    for number, (event, expected) in enumerate(zip(events, truth.changes, strict=True)):
        whole = len(truth.frames[number]) == 5
        assert rows_of(event) == expected, f"set {number}"
        assert event["frame_set_id"] == number
        assert event["frames_in_set"] == [seen.frame for seen in truth.frames[number]]
        assert [frame["pc"] for frame in event["frames"]] == [seen.pc for seen in truth.frames[number]]
        keys = [[seen.keys] if seen.keys else [] for seen in truth.frames[number]]
        assert [frame["current_keys"] for frame in event["frames"]] == keys
        assert event["whole"] is whole
        if whole:
            screenshot = Image.open(io.BytesIO((session / str(number) / f"{number}.png").read_bytes())).convert("RGB")
            seen = truth.frames[number][4].picture
            assert seen is not None
            assert np.array_equal(np.asarray(screenshot), seen)
            assert screenshot.size == (240, 160)
        EVENT_VALIDATOR.validate(event)
        assert list(event)[:6] == ORIGINAL_KEYS
        compared += len(expected)
    if rom == DEMO:
        assert compared > 10 * len(events), "the game hardly moved: the test compared next to nothing"

    assert rebuilt(session, events) == truth.image()
    report = verify_session(session)
    assert report.grade is Grade.WHOLE, (report.flaws, report.findings)
    assert report.proofs > 0
    assert report.frame_sets == len(events)
    metadata = json.loads((session / "session_metadata.json").read_bytes())
    assert list(metadata)[:10] == ORIGINAL_METADATA_KEYS
    assert (metadata["total_frame_sets"], metadata["lost"]["frame_sets"]) == (len(events), 0)
    costs = emulator.costs.summary()
    if mode == "chunked":
        assert costs.calls.median <= (12 if flavour in BULK_READS else 300)


def rebuilt(session: Path, events: list[dict[str, Any]]) -> bytes:
    """Memory after the last set, from the first full image and all changes since."""
    first, path = next(iter(SessionReader(SessionFolder(session)).memory_images().items()))
    image = bytearray(zstandard.decompress(path.read_bytes()))
    offsets = {"iwram": 0, "ewram": sum(REGIONS["iwram"][2])}
    for event in events[first + 1 :]:
        for change in event["memory_changes"]:
            at = int(change["address"], 16) - REGIONS[change["region"]][1] + offsets[change["region"]]
            assert image[at : at + 4] == int(change["prev_val"], 16).to_bytes(4, "little")
            image[at : at + 4] = int(change["curr_val"], 16).to_bytes(4, "little")
    return bytes(image)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("flavour", "mode"), [("2.10", "chunked"), ("2.11.1", "chunked"), ("2.11.1", "atomic"), ("2.11.1", "full")]
)
def test_recorded_changes_equal_those_of_memory_in_chunks_of_other_sizes(
    tmp_path: Path, flavour: Flavour, mode: str
) -> None:
    script = script_of(tmp_path / "lua", ODD_REGIONS)
    session, truth, _ = record(tmp_path / "data", flavour, mode, 600, script=script, regions=ODD_REGIONS)
    events = list(events_of(session))
    assert len(events) == len(truth.changes) >= 115
    for event, expected in zip(events, truth.changes, strict=True):
        assert rows_of(event) == expected
    assert sum(map(len, truth.changes)) > 10 * len(events), "the game hardly moved: the test compared next to nothing"
    assert rebuilt(session, events) == truth.image()
    report = verify_session(session)
    assert report.grade is Grade.WHOLE, (report.flaws, report.findings)
    assert report.proofs > 0
    metadata = json.loads((session / "session_metadata.json").read_bytes())
    assert [region["chunk_sizes"] for region in metadata["regions"]] == [
        list(sizes) for _, _, sizes in ODD_REGIONS.values()
    ]


def script_of(folder: Path, regions: Regions) -> Path:
    """Copy the script, with other regions in its settings."""
    shutil.copytree(event_logger().parent, folder, ignore=shutil.ignore_patterns("headless", "spool"))
    told = ",".join(
        f"{{name='{name}',domain='{domain}',base={base},size={sum(sizes)},chunk_sizes={{{','.join(map(str, sizes))}}}}}"
        for name, (domain, base, sizes) in regions.items()
    )
    (folder / "config.lua").write_text(f"return {{ regions = {{{told}}} }}", encoding="utf-8")
    return folder / event_logger().name


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_of_a_movie_the_buttons_are_recorded_that_the_core_was_given(tmp_path: Path, flavour: Flavour) -> None:
    session, truth, _ = record(tmp_path, flavour, "chunked", 600, is_movie=True)
    events = list(events_of(session))
    tour = read_inputs(resources.demo_tour())
    pressed: set[str] = set()
    for event, expected, frames in zip(events, truth.changes, truth.frames, strict=True):
        assert rows_of(event) == expected
        keys = [frame["current_keys"] for frame in event["frames"]]
        assert keys == [[seen.keys] if seen.keys else [] for seen in frames]
        assert keys == [[GBA.combination(held)] if (held := tour.pressed(seen.frame - 1)) else [] for seen in frames]
        pressed.update(map(str, keys))
    assert len(pressed) > 3, "hardly anything was pressed"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_all_flavours_record_identical_sessions(tmp_path: Path) -> None:
    digests = set()
    for flavour in FLAVOURS:
        session, _, _ = record(tmp_path / flavour, flavour, "chunked", 1200)
        digest = hashlib.sha256()
        for event in events_of(session):
            number = event["frame_set_id"]
            event.pop("timestamp")
            for frame in event["frames"]:
                frame.pop("timestamp")
            digest.update(json.dumps(event).encode())
            screenshot = session / str(number) / f"{number}.png"
            digest.update(screenshot.read_bytes() if screenshot.exists() else b"none")
        digests.add(digest.hexdigest())
    assert len(digests) == 1


@pytest.mark.parametrize("regions", [REGIONS, ODD_REGIONS], ids=["equal", "odd"])
def test_every_word_is_scanned_exactly_once_in_a_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, regions: Regions
) -> None:
    reads: list[tuple[str, int, int]] = []
    functions = MemoryApi.functions

    def watched(api: MemoryApi, marshaller: Marshaller, *, bulk_reads: bool) -> dict[bytes, Callable[..., object]]:
        library = functions(api, marshaller, bulk_reads=bulk_reads)
        read = library[BULK_READ]

        def note(address: int, length: int, domain: bytes) -> object:
            reads.append((domain.decode(), int(address), int(length)))
            return read(address, length, domain)

        return {**library, BULK_READ: note}

    monkeypatch.setattr(MemoryApi, "functions", watched)
    script = script_of(tmp_path / "lua", regions)
    _, truth, _ = record(tmp_path / "data", "2.11.1", "chunked", 300, script=script, regions=regions)

    sets = len(truth.changes)
    assert sets >= 50
    scans = reads[-10 * sets :]
    for first in range(0, len(scans), 10):
        for domain, _, sizes in regions.values():
            ranges = sorted((at, size) for name, at, size in scans[first : first + 10] if name == domain)
            assert ranges == [(sum(sizes[:chunk]), size) for chunk, size in enumerate(sizes)]
    for _, _, sizes in regions.values():
        assert all(size % 4 == 0 for size in sizes)
    assert [sum(sizes) for _, _, sizes in regions.values()] == [32 * 1024, 256 * 1024]
