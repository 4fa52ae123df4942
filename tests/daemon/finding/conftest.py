"""Indices of recordings, made up and of the demo game."""

import pytest

from daemon.analysis.history import History
from tests.daemon.analysis.recording import Recording, history_of


@pytest.fixture(scope="module")
def history() -> History:
    return history_of(Recording(0), 100)
