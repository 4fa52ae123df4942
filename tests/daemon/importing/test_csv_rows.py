"""Frame sets become rows, each as the csv module would write it."""

import csv
import io

from hypothesis import given

from daemon.importing.csv_rows import log_rows
from protocol.session.frame_set import FrameRecord, FrameSet
from tests.daemon.importing.made import Recording, frame_set, recordings, scan


def expected(made: FrameSet) -> bytes:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    frames = {frame.frame: frame for frame in made.frames}
    for each in made.changes:
        frame = frames[each.frame]
        for row in range(len(each.addresses)):
            words = (each.addresses[row], each.previous[row], each.current[row])
            table.writerow(
                (
                    frame.timestamp,
                    each.region,
                    each.frame,
                    *(f"{word:08X}" for word in words),
                    each.freq[row],
                    f"{frame.pc:08X}",
                    " | ".join(frame.key_history),
                    frame.current_keys or "None",
                    made.frame_set_id,
                    each.chunk,
                )
            )
    return text.getvalue().encode()


@given(recordings())
def test_rows_are_what_the_csv_module_writes(recording: Recording) -> None:
    for made, _, _ in recording[0]:
        assert log_rows(made) == expected(made)


def test_nothing_changed_is_nothing_written() -> None:
    assert log_rows(frame_set(0)) == b""


def test_a_key_with_a_comma_or_quote_is_quoted() -> None:
    frame = FrameRecord(1, 2, 3, 'Comma,"Key"', ("None", 'Comma,"Key"'))
    made = FrameSet(0, (frame,), (scan("iwram", 1, [0x0300_0000]),), (), b"")
    assert log_rows(made) == expected(made)
    assert b'"Comma,""Key"""' in log_rows(made)
