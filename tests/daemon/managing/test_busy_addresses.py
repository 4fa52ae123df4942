"""The busiest addresses, counted by hand."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from daemon.managing.busy_addresses import BusyAddresses
from tests.daemon.importing.made import frame_set, scan


def test_a_short_session() -> None:
    busy = BusyAddresses()
    assert busy.top(10) == []
    busy.add(frame_set(0, [scan("iwram", 0, [0x0300_0000, 0x0300_0004])]))
    busy.add(frame_set(1, [scan("iwram", 5, [0x0300_0004]), scan("ewram", 5, [0x0200_0000])]))
    assert busy.top(2) == [("iwram", 0x0300_0004, 2), ("ewram", 0x0200_0000, 1)]


@given(st.lists(st.lists(st.integers(0, 20), unique=True)))
def test_every_change_counts(scans: list[list[int]]) -> None:
    busy = BusyAddresses()
    expected: Counter[int] = Counter()
    for number, addresses in enumerate(scans):
        busy.add(frame_set(number, [scan("iwram", 5 * number, np.sort(addresses).tolist())]))
        expected.update(addresses)
    top = busy.top(100)
    assert {address: count for _, address, count in top} == expected
    assert [(-count, address) for _, address, count in top] == sorted((-count, address) for _, address, count in top)
