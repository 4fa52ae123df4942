from webui.live.feed import MAX_UNACKNOWLEDGED, Feed
from webui.live.packets import Message, Outgoing


def preview(number: int) -> Message:
    return Message("preview", {"set": number})


def sets_of(messages: list[Outgoing]) -> list[int]:
    return [outgoing.body["set"] for outgoing in messages if outgoing.message.event == "preview"]


def test_numbers_every_message_in_order() -> None:
    feed = Feed()
    feed.offer(Message("state", {}))
    feed.offer_preview(preview(0), now=0.0)
    assert [(message.message.event, message.body["number"]) for message in feed.take()] == [
        ("state", 1),
        ("preview", 2),
    ]


def test_sends_previews_only_while_few_are_under_way() -> None:
    feed = Feed(window=2, backlog=8)
    for number in range(5):
        feed.offer_preview(preview(number), now=0.0)
    assert sets_of(feed.take()) == [0, 1]
    assert feed.take() == []
    feed.acknowledge(1, now=0.1)
    assert sets_of(feed.take()) == [2]


def test_a_browser_that_stops_acknowledging_loses_old_previews_and_is_told_but_still_gets_state() -> None:
    feed = Feed(window=2, backlog=3)
    received: list[Outgoing] = []
    for number in range(20):
        feed.offer(Message("frame_set", {"set": number}))
        feed.offer_preview(preview(number), now=0.0)
        received += feed.take()
    assert [outgoing.body["set"] for outgoing in received if outgoing.message.event == "frame_set"] == list(range(20))
    assert sets_of(received) == [0, 1]
    assert feed.dropped == 15
    assert [outgoing.body["count"] for outgoing in received if outgoing.message.event == "dropped"][-1] == 15
    feed.acknowledge(received[-1].body["number"], now=9.0)
    assert sets_of(feed.take()) == [17, 18]


def test_an_acknowledgement_from_nowhere_changes_nothing() -> None:
    feed = Feed(window=1)
    for number in range(3):
        feed.offer_preview(preview(number), now=0.0)
    assert sets_of(feed.take()) == [0]
    feed.acknowledge(-5, now=0.0)
    assert feed.take() == []
    feed.acknowledge(10**9, now=0.0)
    assert sets_of(feed.take()) == [1]
    assert feed.take() == []


def test_measures_the_lag_from_offer_to_acknowledgement() -> None:
    feed = Feed()
    feed.offer_preview(preview(0), now=10.0)
    assert feed.take()[0].body["lag"] is None
    feed.acknowledge(1, now=10.25)
    assert feed.lag == 250
    feed.offer_preview(preview(1), now=11.0)
    assert feed.take()[0].body["lag"] == 250


def test_a_snapshot_comes_before_what_was_offered_while_it_was_read() -> None:
    feed = Feed()
    feed.hold()
    feed.offer(Message("frame_set", {"set": 7}))
    feed.offer_preview(preview(7), now=0.0)
    assert feed.take() == []
    feed.release(Message("watched", {}))
    assert [outgoing.message.event for outgoing in feed.take()] == ["watched", "frame_set", "preview"]


def test_previews_of_the_session_left_behind_are_not_sent() -> None:
    feed = Feed(window=1)
    for number in range(3):
        feed.offer_preview(preview(number), now=0.0)
    feed.take()
    feed.hold()
    feed.release(Message("watched", {}))
    feed.acknowledge(1, now=0.0)
    assert sets_of(feed.take()) == []


def test_a_browser_that_never_acknowledges_is_overdue_at_last() -> None:
    feed = Feed()
    for _ in range(MAX_UNACKNOWLEDGED):
        feed.offer(Message("frame_set", {}))
    feed.take()
    assert not feed.overdue
    feed.offer(Message("frame_set", {}))
    assert feed.overdue
