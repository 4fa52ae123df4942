"""People are told once that the disk does not answer, and once that it does again."""

from daemon.processes.stall_notice import STALLED, StallNotice


def test_it_says_each_thing_once() -> None:
    notice = StallNotice()
    told = [notice.observe(silence) for silence in (0.0, STALLED - 1, STALLED, STALLED + 1, 61.0, 0.0, 0.0)]
    assert told == [
        None,
        None,
        "The disk has not answered for 5 s: recording waits for it.",
        None,
        None,
        "The disk answers again, after 61 s.",
        None,
    ]
