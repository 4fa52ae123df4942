"""Target of the attacks: one for all tests of a file, checked after each."""

from collections.abc import Iterator

import pytest

from tests.integration.target import Target

CROWN_JEWELS = "the crown jewels"
"""Text of a file next to the session folders, which no answer may contain."""


@pytest.fixture(scope="module")
def unhurt_target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    folder = tmp_path_factory.mktemp("attacked")
    target = Target(folder)
    keys = target.data_folder / ".keys"
    keys.mkdir(exist_ok=True)
    for path in (folder / "secret.txt", folder / "secret.png", keys / "link.token"):
        path.write_text(CROWN_JEWELS, encoding="ascii")
    yield target
    target.stop()


@pytest.fixture
def target(unhurt_target: Target) -> Iterator[Target]:
    """A recording that goes on all the while: it and the page are seen to be well after each attempt."""
    yield unhurt_target
    unhurt_target.must_be_well()
