"""A variable is sought again and again while its session is recorded."""

from pathlib import Path

import pytest

from daemon.finding.evidence import Query, parse_readings
from daemon.finding.session_finder import SessionFinder
from daemon.recording.session_jobs import write_set
from protocol.errors import EvidenceError
from protocol.session.annotations import Annotations
from tests.daemon.analysis.stored_session import COUNTER, StoredSession
from tests.daemon.importing.made import frame_set, scan


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


def test_the_byte_that_tells_the_labels_of_a_session_is_found(tmp_path: Path) -> None:
    session = StoredSession(tmp_path)
    names = ("field", "battle", "menu", "battle", "field", "menu", "field", "battle")
    for number in range(40 * len(names)):
        scans = [scan("iwram", 5 * number, [COUNTER], current=number + 1)]
        if number % 40 == 0:
            scans.append(scan("iwram", 5 * number, [COUNTER + 4], current=len(names[number // 40])))
        labels = Annotations(context=names[number // 40])
        session.writer.perform(write_set(session.name, frame_set(number, scans), labels))
    recorded = session.opened().now
    found = SessionFinder(recorded).find(recorded, Query("scene", field="context"))
    assert found.candidates[0].address == COUNTER + 4
    texts = [each.text for each in found.candidates[0].evidence]
    assert texts == [f"it was {len(name)}, which stands for {name}" for name in names]
    assert SessionFinder(recorded).find(recorded, Query("scene", field="scene")).problems[0].startswith("scene has no")


def test_a_field_that_is_no_text_is_refused(tmp_path: Path) -> None:
    session = StoredSession(tmp_path)
    session.store(*range(3))
    recorded = session.opened().now
    with pytest.raises(EvidenceError, match="not its tags"):
        SessionFinder(recorded).find(recorded, Query("steps", field="tags"))
