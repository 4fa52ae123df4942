"""A recording of the demo's tape equals one of the real core, to the end of the tour and beyond it."""

import json
from pathlib import Path
from typing import Any

import pytest

import resources
from daemon.verifying.verify import verify_session
from lua.headless.player import PlayOptions, play
from protocol.session.reader import open_session
from resources import event_logger
from tests.integration.running_daemon import running_daemon

TIMES = {"timestamp", "time", "chain"}
"""Keys of values of the wall clock, and of the hash over them."""

BEYOND_THE_END = resources.DEMO_FRAMES + 301
"""The first frame after a reset is not recorded: the script settles."""


def record(data_folder: Path, core: Path, frames: int) -> Path:
    """Play the demo as `gbatrace demo` does, as fast as it goes; return the session's folder."""
    with running_daemon(data_folder) as endpoints:
        report = play(
            PlayOptions(
                rom=resources.demo_rom(),
                script=event_logger(),
                port=endpoints.link_port,
                core=core,
                frames=frames,
                reset_after=resources.DEMO_FRAMES,
                inputs=resources.demo_tour(),
                speed="max",
                userdata={"spool_size": 0},
            )
        )
    assert report.frames == frames
    (metadata,) = data_folder.glob("*/session_metadata.json")
    return metadata.parent


def timeless(document: Any) -> Any:
    """Leave out values of the wall clock."""
    if isinstance(document, dict):
        return {key: timeless(value) for key, value in document.items() if key not in TIMES}
    return [timeless(entry) for entry in document] if isinstance(document, list) else document


def lines_of(path: Path) -> list[Any]:
    return [timeless(json.loads(line)) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


@pytest.mark.parametrize(
    "frames", [600, pytest.param(BEYOND_THE_END, marks=[pytest.mark.slow, pytest.mark.timeout(600)])]
)
def test_sessions_of_the_tape_and_of_the_core_are_equal(tmp_path: Path, mgba: Path, frames: int) -> None:
    taped = record(tmp_path / "taped", resources.demo_tape(), frames)
    real = record(tmp_path / "real", mgba, frames)
    numbers = open_session(taped).frame_set_ids()
    assert numbers == open_session(real).frame_set_ids()
    assert len(numbers) == frames // 5
    for number in map(str, numbers):
        event, other = (json.loads((session / number / "event.json").read_bytes()) for session in (taped, real))
        assert timeless(event) == timeless(other)
        name = f"{number}.png"
        assert (taped / number / name).read_bytes() == (real / number / name).read_bytes()
    for name in ("events.jsonl", "proofs.jsonl"):
        assert lines_of(taped / name) == lines_of(real / name)
    assert [str(finding) for finding in verify_session(taped).findings] == []
    resets = [entry for entry in lines_of(taped / "events.jsonl") if entry.get("name") == "reset"]
    assert len(resets) == (frames - 1) // resources.DEMO_FRAMES
