"""A session that is searched again and again while it is recorded and labelled."""

from pathlib import Path

from daemon.analysis.candidates import Order
from daemon.analysis.moments import End
from daemon.analysis.search import Search
from daemon.answering.searched_session import SearchedSession
from tests.daemon.analysis.stored_session import COUNTER, StoredSession


def left(searched: SearchedSession, *filters: str) -> int:
    texts = [text for group in filters for text in group.split("; ")]
    search = Search.from_map({"where": [{"filter": text} for text in texts], "types": ["u8"]})
    return searched.search(search, End.LAST, Order.INTEREST, 10).left


def test_answers_follow_the_recording_once_it_is_refreshed(tmp_path: Path) -> None:
    session = StoredSession(tmp_path)
    session.store(*range(5))
    searched = SearchedSession(session.opened())
    assert (left(searched, "= 5"), left(searched, "= 6")) == (1, 0)
    session.store(5)
    assert left(searched, "= 6") == 0
    searched.refresh()
    assert (left(searched, "= 6"), left(searched, "= 5 @ 4")) == (1, 1)


def test_answers_follow_the_labels_where_a_filter_is_about_them(tmp_path: Path) -> None:
    session = StoredSession(tmp_path)
    session.store(*range(5))
    searched = SearchedSession(session.opened())
    session.label(2, context="battle")
    assert left(searched, "only in context=battle") == 0
    assert left(searched, f"= 3 @ start of context=battle; changes with 0x{COUNTER:08X}") == 1
    for number in range(5):
        session.label(number, context="battle")
    assert left(searched, "only in context=battle") == 1
    assert left(searched, "= 1 @ start of context=battle") == 1
