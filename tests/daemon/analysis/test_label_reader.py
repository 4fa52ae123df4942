"""Labels of a session while it is recorded and labelled."""

from pathlib import Path

import numpy as np
import pytest

from daemon.analysis.label_reader import LabelReader
from protocol.session.annotations import Annotations
from protocol.session.reader import open_session
from tests.daemon.analysis.stored_session import StoredSession


@pytest.fixture
def session(tmp_path: Path) -> StoredSession:
    session = StoredSession(tmp_path)
    session.store(0, 1)
    session.store(2, labels=Annotations(context="shop"))
    session.label(1, context="battle")
    return session


def labels(reader: LabelReader, sets: int) -> list[str]:
    found = reader.labels(np.arange(sets, dtype=np.uint32))
    return [(found.of(number) or Annotations()).context for number in range(sets)]


def test_labels_of_files_count_whoever_wrote_them(session: StoredSession) -> None:
    session.folder.annotations(0).write_text('{"context": "menu", "tags": "a, b"}', "utf-8")
    session.folder.annotations(1).write_text('{"context": "edited elsewhere"}', "utf-8")
    session.label(2, scene="cave")
    assert labels(LabelReader(open_session(session.folder.path)), 3) == ["menu", "edited elsewhere", "shop"]


def test_what_is_labelled_later_is_learnt_from_the_history(session: StoredSession) -> None:
    reader = LabelReader(open_session(session.folder.path))
    assert labels(reader, 3) == ["", "battle", "shop"]
    session.label(0, context="dialogue")
    session.label(1, context="")
    session.store(3, labels=Annotations(context="cave"))
    assert labels(reader, 4) == ["dialogue", "", "shop", "cave"]


def test_an_entry_counts_whose_file_is_still_to_be_written(session: StoredSession) -> None:
    session.label(0, writes_file=False, context="late")
    assert labels(LabelReader(open_session(session.folder.path)), 3)[0] == "late"


def test_a_file_that_is_none_counts_as_no_labels(session: StoredSession) -> None:
    session.folder.annotations(2).write_bytes(b"not JSON")
    assert labels(LabelReader(open_session(session.folder.path)), 3) == ["", "battle", ""]
