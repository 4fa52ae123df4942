"""The demo game's tour as a session, which a real core can play again."""

from pathlib import Path

import pytest

from tests.fakes.demo_game import record_tour


@pytest.fixture(scope="session")
def tour(tmp_path_factory: pytest.TempPathFactory, mgba: Path) -> Path:
    """A data folder with the session `tour`."""
    folder = tmp_path_factory.mktemp("data")
    record_tour(folder)
    return folder
