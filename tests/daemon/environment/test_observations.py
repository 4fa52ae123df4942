import numpy as np
from gymnasium import spaces

from daemon.environment.observations import Observer
from daemon.environment.options import Observed
from daemon.names.named_address import NamedAddress
from tests.fakes.consoles import SyntheticCore

NAMES = (NamedAddress("hp", 0x0300_0000, "u8"), NamedAddress("digits", 0x0300_0010, "bcd8"))
BLACK = np.zeros((160, 240, 3), np.uint8)


def test_a_single_part_is_the_observation() -> None:
    observer = Observer([Observed.VARIABLES], NAMES, SyntheticCore().memories())
    assert observer.space == spaces.Box(np.array([0.0, 0]), np.array([255.0, 99]), dtype=np.float64)
    seen = observer.observe(np.array([7.0, np.nan, 9.0]), None)
    assert seen.tolist() == [7, 0]
    assert seen in observer.space


def test_several_parts_are_a_dictionary() -> None:
    core = SyntheticCore()
    core.memories()["IWRAM"][0:1] = b"\x07"
    core.memories()["EWRAM"][0x3FFFF:0x40000] = b"\x09"
    observer = Observer([Observed.PICTURE, Observed.MEMORY], NAMES, core.memories())
    seen = observer.observe(np.zeros(2), BLACK)
    assert seen in observer.space
    assert (len(seen["memory"]), seen["memory"][0], seen["memory"][-1]) == (0x48000, 7, 9)
    assert seen["picture"].shape == (160, 240, 3)


def test_an_observation_is_not_changed_by_what_comes_later() -> None:
    core = SyntheticCore()
    observer = Observer([Observed.PICTURE, Observed.MEMORY], (), core.memories())
    picture = BLACK.copy()
    seen = observer.observe(np.zeros(0), picture)
    picture[:] = 1
    core.memories()["IWRAM"][0:1] = b"\x07"
    assert not seen["memory"].any()
    assert not seen["picture"].any()
