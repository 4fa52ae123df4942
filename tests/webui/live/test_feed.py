from webui.live.feed import MAX_UNACKNOWLEDGED, METER_INTERVAL, Feed, Message


def preview(number: int) -> Message:
    return Message("preview", {"set": number})


def sets_of(messages: list[Message]) -> list[int]:
    return [message.body["set"] for message in messages if message.event == "preview"]


def names_of(messages: list[Message]) -> list[str]:
    return [message.event for message in messages]


def test_state_comes_before_the_preview_of_the_same_set() -> None:
    feed = Feed()
    feed.offer_preview(preview(0), now=0.0)
    feed.offer(Message("frame_set", {}))
    assert names_of(feed.take()) == ["frame_set", "preview"]


def test_sends_previews_only_while_few_are_under_way() -> None:
    feed = Feed(window=2, backlog=8)
    for number in range(5):
        feed.offer_preview(preview(number), now=0.0)
    assert sets_of(feed.take()) == [0, 1]
    assert feed.take() == []
    feed.acknowledge(1, now=0.1)
    assert sets_of(feed.take()) == [2]


def test_a_browser_that_stops_acknowledging_loses_old_previews_and_is_informed_but_still_gets_state() -> None:
    feed = Feed(window=2, backlog=3)
    received: list[Message] = []
    for number in range(20):
        feed.offer(Message("frame_set", {"set": number}))
        feed.offer_preview(preview(number), now=0.0)
        received += feed.take()
    assert [message.body["set"] for message in received if message.event == "frame_set"] == list(range(20))
    assert sets_of(received) == [0, 1]
    assert feed.dropped == 15
    assert [message.body["dropped"] for message in received if message.event == "meter"][-1] == 15
    feed.acknowledge(len(received), now=9.0)
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


def test_the_lag_from_offer_to_acknowledgement_is_reported_at_first_and_then_now_and_then() -> None:
    feed = Feed()
    reported = []
    received = 0
    for number in range(2 * METER_INTERVAL + 1):
        feed.offer_preview(preview(number), now=number)
        received += len(feed.take())
        feed.acknowledge(received, now=number + 0.25 + number / 100)
        meters = feed.take()
        received += len(meters)
        reported += [meter.body for meter in meters]
    assert reported == [
        {"dropped": 0, "lag": lag} for lag in (250, 250 + 10 * METER_INTERVAL, 250 + 20 * METER_INTERVAL)
    ]


def test_a_snapshot_comes_before_what_was_offered_while_it_was_read() -> None:
    feed = Feed()
    feed.hold()
    feed.offer(Message("frame_set", {"set": 7}))
    feed.offer_preview(preview(7), now=0.0)
    assert feed.take() == []
    feed.release(Message("watched", {}))
    assert names_of(feed.take()) == ["watched", "frame_set", "preview"]


def test_previews_of_the_session_left_behind_are_not_sent() -> None:
    feed = Feed(window=1)
    for number in range(3):
        feed.offer_preview(preview(number), now=0.0)
    feed.take()
    feed.hold()
    feed.release(Message("watched", {}))
    feed.acknowledge(2, now=0.0)
    assert sets_of(feed.take()) == []


def test_a_browser_that_never_acknowledges_is_overdue_at_last() -> None:
    feed = Feed()
    for _ in range(MAX_UNACKNOWLEDGED):
        feed.offer(Message("frame_set", {}))
    feed.take()
    assert not feed.overdue
    feed.offer(Message("frame_set", {}))
    assert feed.overdue
