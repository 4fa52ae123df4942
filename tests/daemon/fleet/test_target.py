"""Both kinds of target: folders, and archives in fsspec's file system in memory."""

import pickle
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import fsspec
import pytest

from daemon.fleet.target import FolderTarget, Target, open_target
from protocol.errors import FleetError, StoreError
from protocol.session.reader import session_names
from tests.daemon.fleet.rows import make_session, row

IDENTITY = {"game": "demo", "seed": 1}


@pytest.fixture(params=["folder", "memory", "file"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Target]:
    """A target, and one of URLs."""
    if request.param == "folder":
        yield open_target(str(tmp_path / "runs"))
    elif request.param == "file":
        yield open_target((tmp_path / "runs").as_uri())
    else:
        name = f"fleet-{uuid4().hex}"
        yield open_target(f"memory://{name}")
        fsspec.filesystem("memory").rm(f"/{name}", recursive=True)


def hand_over(target: Target, name: str, content: bytes = b"{}") -> None:
    with target.workspace(name) as workspace:
        target.hand_over(make_session(workspace, name, content), row(name))


def test_sessions_are_there_once_they_are_handed_over(target: Target) -> None:
    with target.owned():
        assert target.claim(IDENTITY, 5) == 5
        hand_over(target, "a")
        hand_over(target, "b")
        assert sorted(each.session for each in target.rows()) == ["a", "b"]
        assert {(each.files, each.bytes > 0, bool(each.path)) for each in target.rows()} == {(2, True, True)}


def test_a_session_under_way_is_not_there(target: Target) -> None:
    with target.owned():
        target.claim(IDENTITY, 5)
        with target.workspace("a") as workspace:
            make_session(workspace, "a")
            assert target.rows() == []
        assert not workspace.exists()


def test_a_session_handed_over_twice_is_there_once(target: Target) -> None:
    with target.owned():
        target.claim(IDENTITY, 5)
        hand_over(target, "a")
        (first,) = target.rows()
        hand_over(target, "a")
        assert target.rows() == [first]


def test_the_catalogue_counts_and_receipts_have_what_it_lacks(target: Target) -> None:
    with target.owned():
        target.claim(IDENTITY, 5)
        hand_over(target, "a")
        target.write_catalogue(target.rows())
        hand_over(target, "b")
        assert sorted(each.session for each in target.rows()) == ["a", "b"]


def test_a_fleet_goes_on_and_another_is_refused(target: Target) -> None:
    with target.owned():
        target.claim(IDENTITY, 5)
        hand_over(target, "a")
    with target.owned():
        assert target.claim(IDENTITY, 9) == 5
        with pytest.raises(FleetError, match="another seed"):
            target.claim(IDENTITY | {"seed": 2}, 9)


def test_it_can_be_sent_to_other_processes(target: Target) -> None:
    with target.owned():
        target.claim(IDENTITY, 5)
        hand_over(pickle.loads(pickle.dumps(target)), "a")
        assert target.receipt("a") is not None
        assert target.receipt("b") is None


def test_a_place_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_bytes(b"mine")
    for target in (FolderTarget(tmp_path), open_target(tmp_path.as_uri())):
        with pytest.raises(FleetError, match=r"not empty.*thesis\.docx"):
            target.claim(IDENTITY, 5)


def test_a_folder_is_a_data_folder(tmp_path: Path) -> None:
    target = FolderTarget(tmp_path)
    with target.owned():
        target.claim(IDENTITY, 5)
        hand_over(target, "a")
        with target.workspace("b") as workspace:
            make_session(workspace, "b")
            assert session_names(tmp_path) == ["a"]


def test_one_fleet_at_a_time_records_into_a_folder(tmp_path: Path) -> None:
    with (
        FolderTarget(tmp_path).owned(),
        pytest.raises(FleetError, match="Another fleet"),
        FolderTarget(tmp_path).owned(),
    ):
        pass


def test_what_a_dead_fleet_left_is_cleared_away(tmp_path: Path) -> None:
    left_over = tmp_path / ".making-a-12345678"
    make_session(left_over, "a")
    with FolderTarget(tmp_path).owned():
        assert not left_over.exists()


def test_a_session_whose_receipt_was_never_written_is_not_doubled(target: Target) -> None:
    with target.owned():
        target.claim(IDENTITY, 5)
        hand_over(target, "a")
        target._write(".fleet/receipts/a.json", b'{"session": "a"')
        assert target.rows() == []
        hand_over(target, "a")
        assert [each.session for each in target.rows()] == ["a"]


def test_a_damaged_catalogue_is_told(target: Target) -> None:
    with target.owned():
        target.claim(IDENTITY, 5)
        target._write("catalogue.parquet", b"no")
        with pytest.raises(StoreError, match="delete it"):
            target.rows()


def test_a_target_that_refuses_is_tried_three_times(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    target = open_target("memory://refusing")

    def refuse(*_arguments: object, **_named: object) -> None:
        raise ConnectionError("the network is down")

    monkeypatch.setattr(target, "_system", type("Refusing", (), {"cat_file": staticmethod(refuse)}))
    with pytest.raises(StoreError, match="the network is down"):
        target.receipt("a")
    assert len(pauses) == 2


def test_an_unknown_protocol_is_refused() -> None:
    with pytest.raises(FleetError, match="carrier"):
        open_target("carrier-pigeon://loft")
