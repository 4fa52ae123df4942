"""A session of the demo game, recorded headless, which a core can play again."""

from pathlib import Path

import pytest

import resources
from daemon.headless.recorder import HeadlessRecorder, RecorderOptions
from lua.headless.inputs import read_inputs
from lua.headless.libretro_core import LibretroCore

FRAMES = 600


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory, mgba: Path) -> Path:
    """The folder of the session, 120 frame sets of the tour."""
    inputs = read_inputs(resources.demo_tour())
    core = LibretroCore(resources.demo_rom(), mgba)
    options = RecorderOptions(session_name="run", began=1_764_000_000_000)
    try:
        with HeadlessRecorder(tmp_path_factory.mktemp("data"), core, options) as recorder:
            for frame in range(FRAMES):
                recorder.step(inputs.pressed(frame))
        return recorder.folder
    finally:
        core.close()
