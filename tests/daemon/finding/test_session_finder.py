"""A variable is sought again and again while its session is recorded."""

from pathlib import Path

from daemon.finding.evidence import Query, parse_readings
from daemon.finding.session_finder import SessionFinder
from tests.daemon.analysis.stored_session import COUNTER, StoredSession


def test_an_answer_includes_what_was_recorded_meanwhile(tmp_path: Path) -> None:
    session = StoredSession(tmp_path)
    session.store(*range(6))
    history = session.opened()
    finder = SessionFinder(history.now)
    first = finder.find(history.now, Query("steps", parse_readings(["2=3"])))
    assert first.candidates[0].address == COUNTER
    late = Query("steps", parse_readings(["2=3", "8=9"]))
    assert "no frame set at 8=9" in finder.find(history.now, late).problems[0]
    session.store(*range(6, 12))
    history.refresh()
    found = finder.find(history.now, late)
    assert [line.holds for line in found.candidates[0].evidence] == [True, True]
    assert (found.candidates[0].address, found.candidates[0].value, found.problems) == (COUNTER, 12, ())
