"""A frame set as it is published."""

import numpy as np

from daemon.recording.effects import Publish, publish_set
from daemon.recording.session_state import SessionCounts
from protocol.bus.messages import Topic
from protocol.session.annotations import Annotations
from tests.daemon.importing.made import frame_set, scan

COUNTS = SessionCounts().with_set(frame_set(3))


def test_a_set_is_published_with_its_changes_as_columns_of_little_endian_numbers() -> None:
    words = scan("iwram", 2, [0x0300_0000, 0x0300_0010])
    published = publish_set("run", frame_set(3, [words]), None, COUNTS)
    assert (published.topic, published.body["session"]) == (Topic.SET, "run")
    (columns,) = published.body["changes"]
    assert (columns["region"], columns["frame"]) == (words.region, words.frame)
    assert np.frombuffer(columns["addresses"], "<u4").tolist() == [0x0300_0000, 0x0300_0010]
    assert np.frombuffer(columns["freq"], "<u2").tolist() == words.freq.tolist()


def test_it_has_the_labels_that_it_starts_with_and_the_counts_of_its_session() -> None:
    published: Publish = publish_set("run", frame_set(3), Annotations(context="battle"), COUNTS)
    assert published.body["frame_set"]["annotations"]["context"] == "battle"
    assert published.body["counts"] == COUNTS.as_map()
    assert publish_set("run", frame_set(3), None, COUNTS).body["frame_set"]["annotations"] is None
