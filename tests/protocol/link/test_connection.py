"""One connection as the daemon sees it, as conversations."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.errors import FramingError, GreetingError, MessageError, SequenceError
from protocol.link.codec import armour, decode, encode, unarmour
from protocol.link.connection import MAX_EVENT, Link, LinkState, Received, Screenshot
from protocol.link.framing import MAX_FIRST_PAYLOAD, MAX_PAYLOAD, PNG_SIGNATURE, PayloadReader, prefix
from protocol.link.messages import (
    Ack,
    Bye,
    Command,
    Event,
    Farewell,
    Frame,
    Keyframe,
    Message,
    Refused,
    Reply,
    SetEnd,
    Welcome,
)
from protocol.packing import pack, unpack
from tests.fakes.game import Game, greeting

HELLO = greeting()
WELCOME = Welcome("20260102-030405-demo", "c0ffee", 0)
PNG = Screenshot(PNG_SIGNATURE + b"pixels")


class Conversation:
    """An emulator and the link it talks to."""

    def __init__(self) -> None:
        self.link = Link()
        self._next_seq = 0
        self._replies = PayloadReader()

    def say(self, *messages: Message | Screenshot) -> list[Received]:
        """Say messages to the link; what it understood."""
        return self.say_bytes(b"".join(map(self.spell, messages)))

    def say_bytes(self, data: bytes) -> list[Received]:
        return list(self.link.receive_data(data))

    def spell(self, message: Message | Screenshot) -> bytes:
        if isinstance(message, Screenshot):
            return prefix(message.png)
        self._next_seq += 1
        return prefix(encode(message, self._next_seq - 1))

    def hear(self) -> list[tuple[int, Reply]]:
        """Read what the link wants sent."""
        self._replies.receive_data(self.link.data_to_send())
        heard = []
        while (payload := self._replies.next_payload()) is not None:
            seq, reply = decode(payload)
            assert isinstance(reply, Reply)
            heard.append((seq, reply))
        return heard

    def skip(self, count: int = 1) -> None:
        """Lose messages on the way."""
        self._next_seq += count


def opened() -> Conversation:
    talk = Conversation()
    talk.say(HELLO)
    talk.link.send(WELCOME)
    talk.hear()
    return talk


def test_a_session_from_the_first_word_to_the_last() -> None:
    talk = Conversation()
    states = [talk.link.state]

    assert talk.say(HELLO) == [HELLO]
    states.append(talk.link.state)

    talk.link.send(WELCOME)
    assert talk.hear() == [(0, WELCOME)]
    states.append(talk.link.state)

    first = Game().frame_set()
    assert talk.say(*first) == first
    talk.link.send(Ack(0))
    assert talk.hear() == [(1, Ack(0))]

    assert talk.say(Bye("enough")) == [Bye("enough")]
    states.append(talk.link.state)

    assert states == [LinkState.SILENT, LinkState.GREETED, LinkState.OPEN, LinkState.CLOSED]


@given(st.data())
def test_any_split_of_what_is_said_is_understood_alike(data: st.DataObject) -> None:
    talk = opened()
    messages = Game().frame_set()
    stream = b"".join(map(talk.spell, messages))
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=8).map(sorted))
    understood = [event for a, b in pairwise([0, *cuts, len(stream)]) for event in talk.say_bytes(stream[a:b])]
    assert understood == messages


class TestBeforeHello:
    def test_a_screenshot_is_dropped(self) -> None:
        talk = Conversation()
        assert talk.say(PNG, PNG) == []
        assert talk.link.is_silent()
        assert talk.say(HELLO) == [HELLO]

    @pytest.mark.parametrize("message", [Bye(""), SetEnd(0, "", screenshot=False), Keyframe(0, 0, b"")])
    def test_any_other_message_is_out_of_turn(self, message: Message) -> None:
        with pytest.raises(SequenceError, match="the first message must be HELLO"):
            Conversation().say(message)

    def test_nothing_can_be_answered(self) -> None:
        with pytest.raises(SequenceError, match="Welcome was sent where no such reply is due"):
            Conversation().link.send(WELCOME)

    def test_no_more_is_kept_than_a_greeting_or_a_stray_screenshot_needs(self) -> None:
        with pytest.raises(FramingError, match=f"the limit is {MAX_FIRST_PAYLOAD}"):
            Conversation().say_bytes(b"%d " % (MAX_FIRST_PAYLOAD + 1))
        talk = Conversation()
        talk.say(Screenshot(PNG_SIGNATURE + bytes(MAX_FIRST_PAYLOAD - len(PNG_SIGNATURE))), HELLO)
        assert talk.say_bytes(b"%d " % MAX_PAYLOAD) == []

    def test_a_browser_is_not_an_emulator(self) -> None:
        with pytest.raises(FramingError):
            Conversation().say_bytes(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")


def test_an_event_is_no_place_for_much() -> None:
    talk = opened()
    details = {f"{number}": "x" * 4000 for number in range(8)}
    (event,) = talk.say(Event(1, 2, "mark", details))
    assert isinstance(event, Event)
    with pytest.raises(MessageError, match=f"the limit is {MAX_EVENT}"):
        talk.say(Event(1, 2, "mark", {**details, "more": "x" * 4000}))


class TestTheOrderOfMessages:
    def test_hello_comes_once(self) -> None:
        with pytest.raises(SequenceError, match="only the first"):
            opened().say(HELLO)

    def test_a_lost_message_is_noticed(self) -> None:
        talk = opened()
        talk.skip()
        with pytest.raises(SequenceError, match="message 1 is missing: message 2 came in its place"):
            talk.say(Bye(""))

    def test_a_repeated_message_is_noticed(self) -> None:
        talk = opened()
        spelled = talk.spell(Event(1, 2, "mark", {}))
        assert talk.say_bytes(spelled) == [Event(1, 2, "mark", {})]
        with pytest.raises(SequenceError, match="message 2 is missing: message 1 came in its place"):
            talk.say_bytes(spelled)

    def test_screenshots_are_not_counted(self) -> None:
        assert opened().say(PNG, Bye("")) == [PNG, Bye("")]

    def test_an_unknown_kind_is_ignored_but_counted(self) -> None:
        talk = opened()
        assert talk.say_bytes(prefix(armour(pack([42, 1, "from", "the", "future"])))) == []
        talk.skip()
        assert talk.say(Bye("")) == [Bye("")]

    def test_an_unknown_kind_out_of_sequence_is_not(self) -> None:
        with pytest.raises(SequenceError):
            opened().say_bytes(prefix(armour(pack([42, 7]))))

    @pytest.mark.parametrize("reply", [WELCOME, Refused("no"), Ack(0), Farewell("bye")])
    def test_what_the_daemon_says_is_not_for_it_to_hear(self, reply: Reply) -> None:
        with pytest.raises(MessageError, match=f"{type(reply).__name__} is not for the daemon to receive"):
            opened().say_bytes(prefix(encode(reply, 1)))

    def test_what_came_before_an_error_is_good(self) -> None:
        talk = opened()
        stream = talk.spell(Event(1, 2, "mark", {})) + b"nonsense "
        understood = talk.link.receive_data(stream)
        assert next(understood) == Event(1, 2, "mark", {})
        with pytest.raises(FramingError):
            next(understood)

    def test_nothing_is_heard_after_bye(self) -> None:
        talk = opened()
        assert talk.say(Bye("enough"), Event(1, 2, "mark", {})) == [Bye("enough")]
        assert talk.say(Event(1, 3, "mark", {})) == []


class TestReplies:
    def test_a_greeting_can_be_refused(self) -> None:
        talk = Conversation()
        talk.say(HELLO)
        talk.link.send(Refused("update both"))
        assert talk.hear() == [(0, Refused("update both"))]
        assert talk.link.is_closed()

    def test_a_greeting_that_is_impossible_can_be_refused_with_the_reason(self) -> None:
        talk = Conversation()
        greeting_map = unpack(unarmour(encode(HELLO, 0)))[2]
        with pytest.raises(GreetingError, match="61 frames per set: it must be 1 to 60") as refused:
            talk.say_bytes(prefix(armour(pack([1, 0, {**greeting_map, "frames_per_set": 61}]))))
        talk.link.send(Refused(str(refused.value)))
        assert talk.link.is_closed()

    def test_one_on_an_open_connection_is_out_of_turn(self) -> None:
        with pytest.raises(SequenceError, match="the first message must be HELLO, and only the first"):
            opened().say_bytes(prefix(armour(pack([1, 1, {}]))))

    @pytest.mark.parametrize("reply", [WELCOME, Refused("late")])
    def test_a_greeting_is_answered_once(self, reply: Reply) -> None:
        with pytest.raises(SequenceError, match="where no such reply is due"):
            opened().link.send(reply)

    def test_a_greeting_is_not_answered_by_an_acknowledgement(self) -> None:
        talk = Conversation()
        talk.say(HELLO)
        with pytest.raises(SequenceError, match="Ack was sent where no such reply is due"):
            talk.link.send(Ack(0))

    def test_nothing_is_acknowledged_that_did_not_end(self) -> None:
        talk = opened()
        talk.say(Frame(0, 0, 8, 0, 0, 0, ()))
        with pytest.raises(SequenceError, match="Ack was sent where no such reply is due"):
            talk.link.send(Ack(0))

    def test_each_set_end_is_acknowledged_once(self) -> None:
        talk = opened()
        talk.say(SetEnd(0, "", screenshot=False), SetEnd(1, "", screenshot=False))
        talk.link.send(Ack(0))
        talk.link.send(Ack(1, (Command("keyframes", {}),)))
        assert talk.hear() == [(1, Ack(0)), (2, Ack(1, (Command("keyframes", {}),)))]
        with pytest.raises(SequenceError):
            talk.link.send(Ack(2))

    @pytest.mark.parametrize("talk", [Conversation(), opened()], ids=["silent", "open"])
    def test_a_farewell_is_always_possible_and_the_last_word(self, talk: Conversation) -> None:
        talk.link.send(Farewell("the daemon was stopped"))
        assert talk.hear()[-1][1] == Farewell("the daemon was stopped")
        assert talk.say_bytes(b"anything") == []
        with pytest.raises(SequenceError, match="a connection that is closed"):
            talk.link.send(Farewell("again"))

    def test_what_comes_until_a_farewell_is_read_is_heard_and_not_answered(self) -> None:
        talk = opened()
        first, second = Game(), Game()
        talk.say(*first.frame_set())
        talk.link.part("the daemon was stopped")
        assert talk.hear()[-1][1] == Farewell("the daemon was stopped")
        came = second.frame_set()[-2:]
        assert talk.say(*came) == came
        with pytest.raises(SequenceError, match="a connection that is closed"):
            talk.link.send(Ack(0))
        talk.link.close()
        assert talk.say(*came) == []

    def test_goodbye_on_a_connection_that_was_parted_from_closes_it(self) -> None:
        talk = opened()
        talk.say(*Game().frame_set())
        talk.link.part("the daemon was stopped")
        assert talk.say(Bye("enough")) == [Bye("enough")]
        assert talk.link.is_closed()

    def test_only_an_open_connection_is_parted_from(self) -> None:
        with pytest.raises(SequenceError, match="only an open connection"):
            Conversation().link.part("the daemon was stopped")

    def test_what_is_sent_is_sent_once(self) -> None:
        talk = Conversation()
        talk.say(HELLO)
        talk.link.send(WELCOME)
        assert talk.link.data_to_send()
        assert talk.link.data_to_send() == b""
