"""Queries that are kept with a session, next to its searches."""

from pathlib import Path

import orjson
import pytest

from daemon.analysis.saved_searches import SavedSearches, read_saved_searches, remove_search, save_search
from daemon.analysis.search import Search
from daemon.finding.evidence import Query, parse_events, parse_readings
from daemon.finding.saved_queries import MAX_QUERIES, SavedQueries, read_queries, remove_query, save_query
from protocol.errors import EvidenceError, SessionError
from protocol.session.layout import SessionFolder
from tests.daemon.importing.made import frame_set, make_session

HP = Query("hp", readings=parse_readings(["812=23", "900=20 live"]), events=parse_events(["down@850"]))
PLACE = Query("place", field="scene")


@pytest.fixture
def folder(tmp_path: Path) -> SessionFolder:
    make_session(tmp_path, "a", [frame_set(0), frame_set(1)])
    return SessionFolder(tmp_path / "a")


def test_queries_are_kept_replaced_and_removed(folder: SessionFolder) -> None:
    assert read_queries(folder) == SavedQueries()
    assert save_query(folder, HP).queries == {"hp": HP}
    save_query(folder, PLACE)
    more = Query("hp", readings=HP.readings)
    save_query(folder, more)
    assert list(read_queries(folder).queries.items()) == [("hp", more), ("place", PLACE)]
    assert remove_query(folder, "hp").queries == {"place": PLACE}


def test_queries_and_searches_leave_each_other_alone(folder: SessionFolder) -> None:
    save_search(folder, "all", Search())
    save_query(folder, HP)
    save_search(folder, "more", Search())
    remove_search(folder, "all")
    assert read_queries(folder).queries == {"hp": HP}
    assert list(read_saved_searches(folder).searches) == ["more"]
    remove_query(folder, "hp")
    assert read_saved_searches(folder) == SavedSearches({"more": Search()})
    assert "queries" not in orjson.loads(folder.searches.read_bytes())


def test_one_that_is_not_there_is_a_sentence_with_those_that_are(folder: SessionFolder) -> None:
    save_query(folder, HP)
    with pytest.raises(EvidenceError, match="no evidence for 'mp'; kept with this session: hp"):
        remove_query(folder, "mp")


def test_there_is_a_most(folder: SessionFolder) -> None:
    full = SavedQueries({f"v{number}": Query(f"v{number}") for number in range(MAX_QUERIES)})
    with pytest.raises(EvidenceError, match="at most 200 queries"):
        full.saved(HP)
    assert len(full.saved(Query("v7", field="scene")).queries) == MAX_QUERIES


@pytest.mark.parametrize("queries", [[{"name": "hp", "readings": ["soon"]}], [{"name": ""}], [{"axis": 3}]])
def test_a_damaged_query_is_said_and_nothing_is_written(folder: SessionFolder, queries: list[object]) -> None:
    folder.searches.write_bytes(orjson.dumps({"searches": [], "queries": queries}))
    before = folder.searches.read_bytes()
    with pytest.raises(SessionError, match=r"searches\.json is damaged: query 1: "):
        save_query(folder, HP)
    assert folder.searches.read_bytes() == before
