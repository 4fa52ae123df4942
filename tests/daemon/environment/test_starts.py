from pathlib import Path

import numpy as np
import pytest

import gbatrace
import resources
from daemon.environment.starts import make_starts
from lua.headless.libretro_core import LibretroCore
from protocol.errors import MomentError, SettingsError
from protocol.session.reader import open_session
from protocol.session.screenshots import pixels

ROM_HASH = "D05D40674C30EBEB4F2ADE7B788558AD6915FC17"


def test_power_on_is_the_state_that_is_given() -> None:
    (start,) = make_starts(["power-on"], b"state", resources.demo_rom(), ROM_HASH, None)
    assert (start.text, start.state) == ("power-on", b"state")
    assert not start.picture.any()


def test_a_moment_of_a_session_has_its_memory_and_picture(recorded: Path, mgba: Path) -> None:
    texts = [f"{recorded}@100", f"{recorded}@last"]
    core = LibretroCore(resources.demo_rom(), mgba)
    starts = make_starts(texts, b"", resources.demo_rom(), core.rom_hash, mgba)
    assert [start.text for start in starts] == texts
    for number, start in zip((100, 119), starts, strict=True):
        core.load_state(start.state)
        image = np.concatenate([np.frombuffer(core.memories()[name], np.uint8) for name in ("IWRAM", "EWRAM")])
        after = gbatrace.open(recorded).memory_at(number)
        # Chunks were scanned at earlier frames of the set, since when a little has changed.
        assert (image == after.image)[after.known].mean() > 0.999
        assert (start.picture == pixels(open_session(recorded).screenshot(number))).all()
    core.close()


def test_what_is_no_start_is_refused(recorded: Path) -> None:
    def make(text: str, rom_hash: str = ROM_HASH) -> None:
        make_starts([text], b"", resources.demo_rom(), rom_hash, None)

    with pytest.raises(SettingsError, match="'title' is no start"):
        make("title")
    with pytest.raises(SettingsError, match="run is a session of another ROM"):
        make(f"{recorded}@3", "AB" * 20)
    with pytest.raises(MomentError, match="There is no mark 1"):
        make(f"{recorded}@mark 1")
