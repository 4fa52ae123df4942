"""A moment of the soak. All of it: `python -m tests.integration.soak --hours 8`."""

from pathlib import Path

import pytest

from tests.integration.soak import Soak

SETS = 400


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_moment_of_it_plays_to_its_end(tmp_path: Path) -> None:
    soak = Soak(tmp_path, SETS)
    soak.run()
    assert soak.samples[-1][0] == SETS
    assert soak.previews > 0
    assert set(soak.growth()) == {"daemon", "writer", "page", "analysis"}
