"""`protocol/README.md` as the specification: its numbers and tables, and the golden bytes, against the code."""

import dataclasses
import re
import typing
from pathlib import Path

import pytest

from daemon.link import ingest
from daemon.recording.session import Session
from daemon.recording.session_state import SessionIdentity
from protocol import regions
from protocol.bus.messages import Topic
from protocol.link import codec, connection, framing, messages
from protocol.link.messages import EVENT_NAMES, INTERRUPTIONS, Hello, Kind, Message, Reply, Welcome
from protocol.regions import Region
from protocol.session.frame_set import FrameRecord, FrameSet
from protocol.version import BUS_VERSION, LINK_VERSION
from tests.fakes.game import NOW, greeting
from tests.protocol import make_vectors

SPEC = (Path(__file__).parents[2] / "protocol" / "README.md").read_text("utf-8")


def section(title: str) -> str:
    """Return the text under a heading, up to the next heading of any level."""
    found = re.search(rf"^#+ {re.escape(title)}$\n(.*?)(?=^#|\Z)", SPEC, re.MULTILINE | re.DOTALL)
    assert found, f"the specification has no heading {title!r}"
    return found[1]


def table(title: str) -> list[list[str]]:
    """Return the cells of the first table under a heading, without its head."""
    lines = re.search(r"(?:^\|.*\n)+", section(title), re.MULTILINE)
    assert lines, f"there is no table under {title!r}"
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[0].splitlines()[2:]]


def spelled(text: str) -> list[str]:
    """Return what stands in backticks, without the types behind a colon."""
    return [word.partition(":")[0] for word in re.findall(r"`([^`]+)`", text)]


def test_the_versions() -> None:
    assert f"**Link protocol version: {LINK_VERSION}** · **Bus protocol version: {BUS_VERSION}**" in SPEC


@pytest.mark.parametrize(
    ("title", "spoken"),
    [("Emulator to daemon", typing.get_args(Message)), ("Daemon to emulator", typing.get_args(Reply))],
)
def test_the_tables_of_messages(title: str, spoken: tuple[type, ...]) -> None:
    rows = table(title)
    assert [(int(kind), name) for kind, name, _ in rows] == [
        (kind.value, kind.name)
        for kind in Kind
        if kind.name.title().replace("_", "") in {cls.__name__ for cls in spoken}
    ]
    for (_, name, fields), message in zip(rows, spoken, strict=True):
        if message not in (Hello, Welcome):
            assert spelled(fields) == [field.name for field in dataclasses.fields(message)], name


def test_the_keys_of_the_greeting() -> None:
    keys = [key for row in table("4. Opening") for key in spelled(row[0])]
    assert keys == [field.name for field in dataclasses.fields(Hello)]


def test_the_keys_of_the_terms() -> None:
    terms = section("4. Opening").partition("`terms`:")[2]
    keys = re.findall(r"^\| `(\w+)` \|", terms, re.MULTILINE)
    assert keys == [field.name for field in dataclasses.fields(Welcome)]


def test_the_names_of_interruptions_and_events() -> None:
    told = section("Daemon to emulator")
    interruptions, events = (
        re.search(pattern, told) for pattern in (r"`interruption` .*", r"EVENT names .*?: (.*?)\.\s")
    )
    assert interruptions
    assert events
    assert spelled(interruptions[0])[1:] == list(INTERRUPTIONS)
    assert spelled(events[1]) == list(EVENT_NAMES)


def test_the_schedule_names_the_scan_modes() -> None:
    assert [spelled(row[0])[0] for row in table("Regions, chunks and the schedule")] == list(regions.ScanMode)


def test_the_example_of_chunks() -> None:
    examples = re.search(r"IWRAM, n = 5: 4 × ([\d,]+) \+ ([\d,]+); EWRAM: 4 × ([\d,]+) \+ ([\d,]+)", SPEC)
    assert examples
    told = [int(number.replace(",", "")) for number in examples.groups()]
    cut = [
        region.chunks[place].words * regions.WORD_BYTES
        for region in (Region("iwram", 0, 32768, 5), Region("ewram", 0, 262144, 5))
        for place in (0, 4)
    ]
    assert told == cut


def test_the_table_of_limits() -> None:
    limits = dict(table("6. Limits"))
    assert limits == {
        "payload": f"{framing.MAX_PAYLOAD:,} bytes",
        "payload up to HELLO, and HELLO itself": f"{framing.MAX_FIRST_PAYLOAD:,} bytes",
        "text": f"{codec.MAX_TEXT:,} bytes",
        "EVENT": f"{connection.MAX_EVENT:,} bytes",
        "regions": f"{regions.MAX_REGIONS}, each {regions.WORD_BYTES} bytes to {regions.MAX_REGION_BYTES >> 20} MiB",
        "commands in one ACK": f"{messages.MAX_COMMANDS}",
        "silent connections kept": f"{ingest.MAX_SILENT_SOFT}, and {ingest.MAX_SILENT_HARD} that came within "
        f"{ingest.SILENT_GRACE_S:.0f} s, fewer where a process may have few; the oldest is reset",
    }


def test_the_limits_that_stand_in_the_text() -> None:
    assert f"`n` ≤ {framing.MAX_PAYLOAD:,} (`MAX_PAYLOAD`)" in SPEC
    assert f"up to HELLO ≤ {framing.MAX_FIRST_PAYLOAD:,}." in SPEC
    assert f"at most {codec.MAX_TEXT:,} bytes" in SPEC
    assert f"A chunk has at most {regions.MAX_CHUNK_WORDS:,} words." in SPEC
    assert f"| `frames_per_set` | int | 1 to {regions.MAX_FRAMES_PER_SET} |" in SPEC


def test_the_topics_of_the_bus() -> None:
    told = {spelled(row[0])[0] for row in table("7. The bus")}
    behind = {Topic.NAMES: "<book>", Topic.LABEL_SETS: "<name>"}
    assert told == {
        f"{topic}/{behind.get(topic, '<session_id>')}" for name, topic in vars(Topic).items() if name.isupper()
    }


def summary_keys(title: str) -> list[str]:
    """Return the keys of a summary of the bus, without what stands in brackets about them."""
    told = re.search(rf"\*{title}\*: (.*?)\.\n", SPEC, re.DOTALL)
    assert told
    return spelled(re.sub(r"\([^)]*\)|\{[^}]*\}", "", told[1]))


def test_the_summary_of_a_session() -> None:
    identity = SessionIdentity("run", "c0ffee", NOW, "Tiny", "", is_custom_name=False)
    session = Session(identity, greeting())
    counts = summary_keys("Session counts")
    assert counts == list(session.counts.as_map())
    assert set(summary_keys("Session summary")) | set(counts) == set(session.summary())


def test_the_summary_of_a_frame_set() -> None:
    summary = FrameSet(0, (FrameRecord(8, NOW, 0, "", ("None",)),), (), (), b"").summary()
    # Labels are kept beside the set: the recorder adds them where the set is published.
    assert summary_keys("Frame set summary") == [*summary, "annotations"]


def test_the_golden_bytes_are_current() -> None:
    written = make_vectors.VECTORS.read_text("utf-8")
    assert written == make_vectors.document(), "run `python -m tests.protocol.make_vectors` and read the difference"
