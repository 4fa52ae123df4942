"""Every change of every byte, line and file that gbatrace wrote is seen: hundreds of them at random.

Thousands, and every byte of the small files: `GBATRACE_MUTATIONS=20000 pytest tests/daemon/verifying/test_seals.py`.
"""

import os
import random
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import pytest

from daemon.labels.history import Entry, SetEdit
from daemon.labels.writer import LabelWriter
from daemon.recording.effects import Latch
from daemon.verifying.report import Grade
from daemon.verifying.verify import verify_session
from protocol.link.messages import Bye, Event, Proof
from protocol.session.annotations import Annotations, Edit
from protocol.session.integrity import checksum
from protocol.session.layout import SessionFolder
from tests.fakes.game import NOW, Game
from tests.fakes.recording_daemon import RecordingDaemon

MUTATIONS = int(os.environ.get("GBATRACE_MUTATIONS", "800"))
STRIDE = 1 if "GBATRACE_MUTATIONS" in os.environ else 7
"""Bytes from one that is changed to the next."""

SETS = 5

SHARED_MEMORY = Path("/dev/shm")
"""A disk in memory, where there is one: the files of the session are written and read thousands of times."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SessionFolder]:
    """A session that has everything: events, proofs, an image, latched and given labels, and an end."""
    in_memory = sys.platform == "linux" and SHARED_MEMORY.is_dir()
    data = Path(mkdtemp(dir=SHARED_MEMORY)) if in_memory else tmp_path_factory.mktemp("mutations")
    yield labelled(recorded(data))
    shutil.rmtree(data, ignore_errors=True)


def recorded(data: Path) -> SessionFolder:
    game, daemon = Game(), RecordingDaemon(data)
    for number in range(SETS):
        if number == 3:
            daemon.hears([Latch({"scene": "meadow"}, "ann", "page")])
        daemon.hears(game.frame_set())
        daemon.hears([Event(game.frame, NOW, "mark", {"name": f"place {number}"})])
        (words,) = [told.words for told in game.keyframes() if (told.region, told.chunk) == (0, number)]
        daemon.hears([Proof(0, number, checksum(words))])
    daemon.folder.rejected_rows.write_bytes(b"event_log.csv,7,too few cells,x\n")
    daemon.hears([Bye("the script was stopped", next_set=SETS)])
    daemon.is_killed()
    return daemon.folder


def labelled(folder: SessionFolder) -> SessionFolder:
    writer = LabelWriter(folder)
    edits: list[tuple[list[int], Edit]] = [
        ([0, 1], {"context": "battle"}),
        ([1, 3], {"tags": ("boss", "rare"), "complete": True}),
        ([0], {"context": ""}),
    ]
    for number, (sets, edit) in enumerate(edits, 1):

        def change(_number: int, now: Annotations, edit: Edit = edit) -> Annotations:
            return now.edited(edit)

        planned = tuple(writer.plan(sets, change))
        writer.append(Entry(number, NOW, "ann", "page", "edit", None, planned))
        writer.carry_out(planned)
        writer.settle()
    writer.append(Entry(4, NOW, "ann", "page", "latch", None, (SetEdit(5, {"scene": ""}, {"scene": "cave"}),)))
    writer.settle()
    return folder


@dataclass(frozen=True)
class Mutation:
    """A change, and how it is taken back."""

    what: str
    undo: Callable[[], object]


def mutate(folder: SessionFolder, chance: random.Random) -> Mutation:
    path = chance.choice(sorted(path for path in folder.path.rglob("*") if path.is_file()))
    before = path.read_bytes()
    how = chance.choice(HOW)
    after = how(before, chance)
    while after == before:
        how = chance.choice(HOW)
        after = how(before, chance)
    name = f"{path.relative_to(folder.path)}: {how.__name__}"
    if after is None:
        path.unlink()
    else:
        path.write_bytes(after)
    return Mutation(name, lambda: path.write_bytes(before))


def flip_a_bit(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


def change_a_byte(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([chance.choice(b' \t\r\n0a",{}' + bytes([chance.randrange(256)]))]) + data[at + 1 :]


def add_a_byte(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + bytes([chance.choice(b" \t\r\n01\xef")]) + data[at:]


def take_some_away(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + data[at + chance.randint(1, 30) :]


def cut_the_end_off(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def take_a_line_away(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    del lines[chance.randrange(len(lines))]
    return b"".join(lines)


def double_a_line(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    lines.insert(chance.randrange(len(lines) + 1), chance.choice(lines))
    return b"".join(lines)


def change_two_lines_about(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    chance.shuffle(lines)
    return b"".join(lines)


def empty(_data: bytes, _chance: random.Random) -> bytes:
    return b""


def remove(_data: bytes, _chance: random.Random) -> None:
    return None


HOW: list[Callable[[bytes, random.Random], bytes | None]] = [
    *(flip_a_bit, flip_a_bit, flip_a_bit, change_a_byte, change_a_byte, add_a_byte, take_some_away, cut_the_end_off),
    *(take_a_line_away, double_a_line, change_two_lines_about, empty, remove),
]


@pytest.mark.timeout(max(300, MUTATIONS))
def test_none_is_unseen(folder: SessionFolder) -> None:
    assert str(verify_session(folder.path).findings) == "[]"
    chance = random.Random(12)
    unseen = []
    for _ in range(MUTATIONS):
        mutation = mutate(folder, chance)
        if verify_session(folder.path).grade is Grade.WHOLE:
            unseen.append(mutation.what)
        mutation.undo()
    assert unseen == []
    assert verify_session(folder.path).grade is Grade.WHOLE


@pytest.mark.timeout(600)
def test_every_byte_of_the_small_files_is_proven(folder: SessionFolder) -> None:
    unseen = []
    for path in (folder.metadata, folder.annotation_seal, folder.events):
        before = path.read_bytes()
        for at in range(0, len(before), STRIDE):
            path.write_bytes(before[:at] + bytes([before[at] ^ 0x01]) + before[at + 1 :])
            if verify_session(folder.path).grade is not Grade.DAMAGED:
                unseen.append((path.name, at))
        path.write_bytes(before)
    assert unseen == []


@pytest.mark.parametrize("name", ["7/event.json", "3/notes.txt", "notes.txt", "6.bin.zst", "0 - Copy/event.json"])
def test_what_was_added_is_seen(folder: SessionFolder, name: str) -> None:
    path = folder.path / name
    made = not path.parent.exists()
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(folder.event(0).read_bytes())
    assert verify_session(folder.path).grade is not Grade.WHOLE
    shutil.rmtree(path.parent) if made else path.unlink()


@pytest.mark.parametrize("appended", [False, True])
def test_labels_that_a_crash_cut_off_are_a_flaw_and_are_finished(tmp_path: Path, appended: bool) -> None:
    folder = labelled(recorded(tmp_path))
    writer = LabelWriter(folder)
    planned = tuple(writer.plan([0, 1], lambda _number, now: now.edited({"intent": "flee"})))
    before = folder.annotation_history.read_bytes()
    writer.append(Entry(5, NOW, "ann", "page", "edit", None, planned))
    if not appended:
        folder.annotation_history.write_bytes(before)
    writer.carry_out(planned[:1] if appended else ())
    assert verify_session(folder.path).grade is Grade.FLAWED
    again = LabelWriter(folder)
    again.history()
    assert again.unfinished() == (list(planned[1:]) if appended else [])
    again.carry_out(again.unfinished())
    again.settle()
    assert verify_session(folder.path).grade is Grade.WHOLE


class TestEditedByOthers:
    @pytest.mark.parametrize(
        ("number", "labels", "sentence"),
        [
            (1, b'{"context": "dialogue"}', "1/annotations.json was changed by another program than gbatrace."),
            (2, b'{"context": "dialogue"}', "2/annotations.json was added by another program than gbatrace."),
            (3, None, "3/annotations.json was removed by another program than gbatrace."),
        ],
    )
    def test_labels_are_reported_as_edited_and_not_as_damage(
        self, tmp_path: Path, number: int, labels: bytes | None, sentence: str
    ) -> None:
        folder = labelled(recorded(tmp_path))
        path = folder.annotations(number)
        if labels is None:
            path.unlink()
        else:
            path.write_bytes(labels)
        report = verify_session(folder.path)
        assert report.grade is Grade.EDITED
        assert [str(finding) for finding in report.findings] == [sentence]

    def test_a_label_given_here_afterwards_makes_the_set_ours_again(self, tmp_path: Path) -> None:
        folder = labelled(recorded(tmp_path))
        folder.annotations(1).write_bytes(b'{"context": "dialogue", "mine": 1}')
        writer = LabelWriter(folder)
        planned = tuple(writer.plan([1], lambda _number, now: now.edited({"scene": "cave"})))
        writer.append(Entry(5, NOW, "ann", "page", "edit", None, planned))
        writer.carry_out(planned)
        writer.settle()
        assert verify_session(folder.path).grade is Grade.WHOLE
