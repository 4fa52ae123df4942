from pathlib import Path

import pytest

from daemon.analysis.filters import parse_filters
from daemon.analysis.saved_searches import (
    MAX_NAME,
    SavedSearches,
    parse_searches,
    read_saved_searches,
    read_search_file,
    remove_search,
    save_search,
    write_search_file,
)
from daemon.analysis.search import Search, SearchFilter
from daemon.disk.file_lock import FileLock
from daemon.verifying.verify import verify_session
from protocol.errors import DocumentError, FilterError, SessionError
from protocol.session.layout import SessionFolder
from tests.daemon.importing.made import frame_set, make_session

HIT = Search(tuple(map(SearchFilter, parse_filters("fell 3..4; same 1..3"))), types=("u8", "u16"))
MONEY = Search(tuple(map(SearchFilter, parse_filters("= 300"))), aligned=True)


@pytest.fixture
def folder(tmp_path: Path) -> SessionFolder:
    make_session(tmp_path, "a", [frame_set(0), frame_set(1)])
    return SessionFolder(tmp_path / "a")


def test_searches_are_kept_with_their_session(folder: SessionFolder) -> None:
    assert read_saved_searches(folder) == SavedSearches()
    save_search(folder, "hit", HIT)
    save_search(folder, "  money ", MONEY)
    assert read_saved_searches(folder) == SavedSearches({"hit": HIT, "money": MONEY})
    save_search(folder, "hit", MONEY)
    assert read_saved_searches(folder).named("hit") == MONEY
    remove_search(folder, "hit")
    assert list(read_saved_searches(folder).searches) == ["money"]


def test_verify_takes_saved_searches_for_what_they_are(folder: SessionFolder) -> None:
    before = verify_session(folder.path)
    save_search(folder, "hit", HIT)
    lock = FileLock.take(folder.search_lock)
    assert lock is not None
    after = verify_session(folder.path)
    lock.release()
    assert [str(finding) for finding in after.findings] == [str(finding) for finding in before.findings]
    assert after.grade is before.grade


def test_a_search_is_shared_as_a_file(folder: SessionFolder, tmp_path: Path) -> None:
    write_search_file(tmp_path / "hit.json", SavedSearches({"hit": HIT}))
    assert read_search_file(tmp_path / "hit.json").named("hit") == HIT


def test_a_name_that_is_not_there_lists_those_that_are(folder: SessionFolder) -> None:
    save_search(folder, "hit", HIT)
    with pytest.raises(FilterError, match="There is no saved search 'hot'; saved with this session: hit"):
        remove_search(folder, "hot")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "The name of a search is not empty"),
        ("  ", "The name of a search is not empty"),
        ("a\nb", "The name of a search holds no control characters"),
        ("x" * (MAX_NAME + 1), "The name of a search holds at most 80 characters"),
    ],
)
def test_what_cannot_be_a_name_is_refused(folder: SessionFolder, name: str, sentence: str) -> None:
    with pytest.raises(FilterError, match=sentence):
        save_search(folder, name, HIT)
    assert not folder.searches.exists()


def test_a_damaged_file_is_never_overwritten(folder: SessionFolder) -> None:
    folder.searches.write_bytes(b'{"searches": [{"name": "hit", "where": [{"filter": "jumped"}]}]}')
    before = folder.searches.read_bytes()
    with pytest.raises(SessionError, match=r"searches\.json is damaged: search 1: In `jumped`, at character 1"):
        save_search(folder, "money", MONEY)
    assert folder.searches.read_bytes() == before


@pytest.mark.parametrize("data", [b"", b"[]", b'{"searches": 1}', b'{"searches": [{"where": []}]}', b"{}"])
def test_any_other_file_is_a_sentence(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(DocumentError):
        parse_searches(data)
    (tmp_path / "other.json").write_bytes(data)
    with pytest.raises(FilterError, match=r"other.json is no file of searches"):
        read_search_file(tmp_path / "other.json")


def test_two_that_save_at_once_wait_for_each_other(folder: SessionFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.disk.file_lock._PATIENCE", 0.0)
    lock = FileLock.take(folder.search_lock)
    assert lock is not None
    with pytest.raises(SessionError, match="Another gbatrace is saving a search"):
        save_search(folder, "hit", HIT)
    lock.release()
    save_search(folder, "hit", HIT)
