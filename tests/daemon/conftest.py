"""Sessions of the demo game that a real core can play again."""

from pathlib import Path

import pytest

import resources
from daemon.headless.recorder import HeadlessRecorder, RecorderOptions
from lua.headless.console_choice import open_console
from lua.headless.inputs import RandomInputs

FRAMES = 453
"""Frames of `play`: 90 frame sets, and three frames of one more."""


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory, mgba: Path) -> Path:
    """A data folder with the session `play`, and `other`, which says it had the same buttons and did not."""
    data_folder = tmp_path_factory.mktemp("data")
    inputs = RandomInputs(3)
    for name in ("play", "other"):
        core = open_console(resources.demo_rom(), mgba, None, lambda _line: None)
        with HeadlessRecorder(data_folder, core, RecorderOptions(session_name=name)) as recorder:
            for frame in range(FRAMES):
                pressed = inputs.pressed(frame)
                core.run_frame(0 if name == "other" and frame >= 225 else pressed)
                recorder.record(pressed)
        core.close()
    return data_folder
