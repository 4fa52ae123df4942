"""Made-up recordings and their indices, built at once and block by block."""

import pytest

from daemon.analysis.history import History
from tests.daemon.analysis.recording import SEEDS, Recording, history_of


@pytest.fixture(scope="module", params=[(seed, 0) for seed in SEEDS] + [(0, 1), (1, 3)], ids=str)
def recording(request: pytest.FixtureRequest) -> Recording:
    seed, shift = request.param
    return Recording(seed, shift=shift)


@pytest.fixture(scope="module", params=[100, 1], ids=["at once", "one by one"])
def history(recording: Recording, request: pytest.FixtureRequest) -> History:
    return history_of(recording, request.param)
