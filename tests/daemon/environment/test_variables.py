import numpy as np
import pytest

from daemon.environment.variables import VariableReader, bounds_of, is_in_memory
from daemon.names.named_address import NamedAddress, Scale
from protocol.errors import NamesError
from tests.fakes.consoles import SyntheticCore

NAMES = (
    NamedAddress("late", 0x0203_FFFE, "u16"),
    NamedAddress("odd", 0x0300_0003, "s16", Scale(0.5, -1)),
    NamedAddress("digits", 0x0300_0010, "bcd8"),
    NamedAddress("wide", 0x0200_0000, "u32be"),
    NamedAddress("part", 0x0300_0020, "fixed24.8", Scale(-2)),
)


def test_values_are_those_of_memory_now() -> None:
    memories = SyntheticCore().memories()
    reader = VariableReader(NAMES, memories)
    assert reader.values().tolist() == [0, -1, 0, 0, 0]
    memories["EWRAM"][0x3FFFE:0x40000] = b"\x34\x12"
    memories["IWRAM"][3:5] = (-3).to_bytes(2, "little", signed=True)
    memories["IWRAM"][0x10:0x11] = b"\x42"
    memories["EWRAM"][0:4] = b"\x01\x02\x03\x04"
    memories["IWRAM"][0x20:0x24] = (384).to_bytes(4, "little")
    assert reader.values().tolist() == [0x1234, -2.5, 42, 0x01020304, -3]


def test_bytes_that_are_no_value_are_not_known() -> None:
    memories = SyntheticCore().memories()
    memories["IWRAM"][0x10:0x11] = b"\xa0"
    assert np.isnan(VariableReader(NAMES, memories).values()).tolist() == [False, False, True, False, False]


def test_bounds_are_those_of_the_type_in_the_scale() -> None:
    low, high = bounds_of(NAMES)
    assert low.tolist() == [0, -16385, 0, 0, -2 * ((1 << 31) - 1) / 256]
    assert high.tolist() == [65535, 16382.5, 99, (1 << 32) - 1, 2 * (1 << 31) / 256]
    assert [len(bound) for bound in bounds_of(())] == [0, 0]


def test_a_name_elsewhere_is_refused() -> None:
    register = NamedAddress("register", 0x0400_0130, "u16")
    assert [is_in_memory(name) for name in (register, NAMES[0])] == [False, True]
    with pytest.raises(NamesError, match="register does not lie in the console's work memory"):
        VariableReader([register], SyntheticCore().memories())
