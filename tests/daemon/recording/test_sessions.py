"""Assignment of connections to new and to earlier sessions."""

import re
from collections.abc import Collection
from datetime import datetime
from itertools import count
from typing import Any

import pytest

from daemon.recording.effects import Disconnected, End, Input, Reported
from daemon.recording.session import Session
from daemon.recording.session_jobs import open_session
from daemon.recording.session_state import SessionState
from daemon.recording.sessions import MAX_DORMANT, MAX_ENDED, Sessions, refusal
from protocol.errors import LayoutError
from protocol.regions import ScanMode
from protocol.session.layout import session_id
from protocol.session.metadata import metadata_json, resume_hash
from protocol.version import LINK_VERSION
from resources.game_config import GameConfig
from tests.fakes.game import NOW, greeting

STAMP = datetime.fromtimestamp(NOW / 1000).astimezone().strftime("%Y%m%d-%H%M%S")


def opened(taken: Collection[str] = (), name: str = "", configs: Collection[GameConfig] = ()) -> Sessions:
    tokens = count(1)
    return Sessions(list(configs), taken.__contains__, lambda: f"token-{next(tokens)}", lambda: "a-uuid", name)


def hear(session: Session, event: Input, now: int = NOW) -> None:
    list(session.receive(event, now))


def end(session: Session) -> None:
    hear(session, Reported(open_session(session.metadata())))
    hear(session, End("enough"))


class TestNames:
    def test_a_session_is_named_by_date_time_and_game(self) -> None:
        session = opened().greet(greeting(rom_name="Medabots - Rokusho"), NOW)
        assert session.identity.session_id == f"{STAMP}-medabots-rokusho"
        assert not session.identity.is_custom_name

    @pytest.mark.parametrize(
        ("rom_name", "slug"),
        [
            ("Pokémon – Ruby (U) [!]", "pokémon-ruby-u"),
            ("../../etc/passwd", "etc-passwd"),
            ("ポケモン", "ポケモン"),
            ("!?", "game"),
            ("", "gba"),
            ("x" * 100, "x" * 40),
            ("x" * 39 + "-yz", "x" * 39),
            ("CON", "con"),
        ],
    )
    def test_the_name_is_a_folder_whatever_the_game_is_called(self, rom_name: str, slug: str) -> None:
        session = opened().greet(greeting(rom_name=rom_name), NOW)
        assert session_id(session.identity.session_id) == f"{STAMP}-{slug}"

    def test_the_game_has_the_name_of_its_config(self) -> None:
        config = GameConfig("medabots.json", "Medabots Rokusho", frozenset(), ("tiny*",))
        identity = opened(configs=[config]).greet(greeting(), NOW).identity
        assert (identity.game_name, identity.game_config) == ("Medabots Rokusho", "medabots.json")
        assert identity.session_id.endswith("-medabots-rokusho")

    def test_a_game_without_a_config_has_the_name_of_its_rom(self) -> None:
        identity = opened().greet(greeting(), NOW).identity
        assert (identity.game_name, identity.game_config) == ("Tiny Game", "")

    def test_a_name_that_is_taken_gets_a_number(self) -> None:
        sessions = opened(taken={f"{STAMP}-tiny-game"})
        names = [sessions.greet(greeting(), NOW).identity.session_id for _ in range(3)]
        assert names == [f"{STAMP}-tiny-game-2", f"{STAMP}-tiny-game-3", f"{STAMP}-tiny-game-4"]

    def test_the_user_may_choose_the_name(self) -> None:
        sessions = opened(name="evening-run")
        identities = [sessions.greet(greeting(), NOW).identity for _ in range(2)]
        assert [(one.session_id, one.is_custom_name) for one in identities] == [
            ("evening-run", True),
            ("evening-run-2", True),
        ]

    def test_the_longest_name_can_be_taken(self) -> None:
        name = "x" * 120
        session = opened(taken={name}, name=name).greet(greeting(), NOW)
        assert session_id(session.identity.session_id) != name

    def test_a_name_that_is_no_folder_is_refused_at_once(self) -> None:
        with pytest.raises(LayoutError):
            opened(name="../x")


class TestResuming:
    def test_the_token_leads_back_to_the_session(self) -> None:
        sessions = opened()
        session = sessions.greet(greeting(), NOW)
        assert sessions.greet(greeting(resume=session.token), NOW + 5) is session

    def test_what_is_stored_of_a_token_opens_nothing(self) -> None:
        sessions = opened()
        session = sessions.greet(greeting(), NOW)
        stored = session.metadata().resume_sha256
        assert stored == resume_hash(session.token)
        assert session.token not in metadata_json(session.metadata()).decode()
        assert sessions.greet(greeting(resume=stored), NOW + 5) is not session

    def test_whoever_knows_the_token_of_a_session_found_on_disk_goes_on_with_it(self) -> None:
        sessions, later = opened(), opened()
        session = sessions.greet(greeting(), NOW)
        found = Session(session.identity, greeting())
        later.take_over(found)
        assert later.greet(greeting(resume="token-1"), NOW + 5) is found
        assert found.token == "token-1"

    def test_a_session_found_on_disk_in_which_nothing_was_stored_gets_another_token(self) -> None:
        sessions, later = opened(), Sessions([], lambda _name: False, lambda: "another", lambda: "a-uuid", "")
        session = sessions.greet(greeting(), NOW)
        found = Session(session.identity, greeting())
        found.state = SessionState.LOST
        later.take_over(found)
        assert later.greet(greeting(), NOW + 5) is found
        assert found.token == "another"
        assert found.metadata().resume_sha256 == resume_hash("another")

    def test_each_session_has_a_token_of_its_own(self) -> None:
        sessions = opened()
        tokens = [sessions.greet(greeting(), NOW).token for _ in range(3)]
        assert len(set(tokens)) == 3

    @pytest.mark.parametrize("resume", ["", "token-0", "TOKEN-1"])
    def test_another_token_gets_a_new_session(self, resume: str) -> None:
        sessions = opened()
        session = sessions.greet(greeting(), NOW)
        other = sessions.greet(greeting(resume=resume), NOW + 5)
        assert other is not session

    @pytest.mark.parametrize(
        "changes",
        [
            {"rom_hash": "F" * 40},
            {"frames_per_set": 3},
            {"scan_mode": ScanMode.FULL},
            {"regions": greeting().regions[:1]},
            {"buttons": ("A",)},
        ],
    )
    def test_a_greeting_that_does_not_fit_the_session_gets_a_new_one(self, changes: dict[str, Any]) -> None:
        sessions = opened()
        session = sessions.greet(greeting(), NOW)
        other = sessions.greet(greeting(resume="token-1", **changes), NOW + 5)
        assert other is not session

    def test_another_reader_or_script_may_go_on(self) -> None:
        sessions = opened()
        session = sessions.greet(greeting(), NOW)
        other = sessions.greet(greeting(resume="token-1", reader="words", script="0.1.1"), NOW + 5)
        assert other is session

    def test_a_session_that_has_ended_can_be_gone_on_with_for_a_while(self) -> None:
        sessions = opened()
        session = sessions.greet(greeting(), NOW)
        end(session)
        sessions.retire(session)
        assert list(sessions) == []
        assert sessions.greet(greeting(resume="token-1"), NOW + 5) is session
        assert list(sessions) == [session]
        assert len(sessions.summaries()) == 1

    def test_an_ended_session_cannot_be_gone_on_with_after_its_grace_period(self) -> None:
        sessions = opened()
        session = sessions.greet(greeting(), NOW)
        end(session)
        sessions.retire(session)
        sessions.forget_dormant(0.0, 600)
        sessions.forget_dormant(600.0, 600)
        assert sessions.find(greeting(resume="token-1")) is session
        sessions.forget_dormant(600.1, 600)
        other = sessions.greet(greeting(resume="token-1"), NOW + 600_001)
        assert other is not session

    def test_only_the_last_few_that_ended_can_be_gone_on_with(self) -> None:
        sessions = opened()
        first, second, *_ = ended = [sessions.greet(greeting(), NOW) for _ in range(MAX_DORMANT + 1)]
        for session in ended:
            end(session)
            sessions.retire(session)
        assert sessions.greet(greeting(resume="token-1"), NOW) is not first
        assert sessions.greet(greeting(resume="token-2"), NOW) is second

    def test_a_session_that_the_disk_refused_is_taken_by_the_next_new_greeting(self) -> None:
        sessions = opened()
        session = sessions.greet(greeting(), NOW)
        hear(session, Reported(open_session(session.metadata()), "The disk is full."))
        assert sessions.greet(greeting(), NOW + 5) is session


class TestRefusal:
    def test_the_version_that_the_daemon_speaks_is_taken(self) -> None:
        assert refusal(greeting(protocol=LINK_VERSION)) is None

    @pytest.mark.parametrize("version", [0, LINK_VERSION + 1, 99])
    def test_another_version_is_refused_in_words_that_help(self, version: int) -> None:
        sentence = refusal(greeting(protocol=version))
        assert sentence is not None
        assert re.search(rf"link version {version}, the daemon version {LINK_VERSION}: use", sentence)

    def test_a_bizhawk_that_is_too_old_is_refused_in_words_that_help(self) -> None:
        wanted = "BizHawk 2.9.1 is too old: gbatrace needs BizHawk 2.10 or newer."
        assert refusal(greeting(client="BizHawk 2.9.1")) == wanted

    @pytest.mark.parametrize("client", ["BizHawk 2.10", "BizHawk 2.11.1", "BizHawk GIT master#0123", "mGBA 0.10"])
    def test_any_other_emulator_may_be_tried(self, client: str) -> None:
        assert refusal(greeting(client=client)) is None


def test_a_name_that_differs_in_case_only_gets_a_number() -> None:
    sessions = opened(name="Evening")
    sessions.greet(greeting(), NOW)
    sessions._session_name = "evening"
    session = sessions.greet(greeting(), NOW)
    assert session.identity.session_id == "evening-2"


class TestTheList:
    def test_the_newest_comes_first_and_the_ended_ones_stay(self) -> None:
        sessions = opened()
        first = sessions.greet(greeting(), NOW)
        second = sessions.greet(greeting(rom_name="Other"), NOW + 1000)
        end(first)
        sessions.retire(first)
        listed = [(summary["session_id"], summary["state"]) for summary in sessions.summaries()]
        assert listed == [(second.identity.session_id, "live"), (first.identity.session_id, "ended")]
        assert list(sessions) == [second]

    def test_a_session_is_retired_once(self) -> None:
        sessions = opened()
        session = sessions.greet(greeting(), NOW)
        end(session)
        sessions.retire(session)
        sessions.retire(session)
        assert len(sessions.summaries()) == 1

    def test_only_so_many_ended_ones_are_remembered(self) -> None:
        sessions = opened()
        for step in range(MAX_ENDED + 3):
            session = sessions.greet(greeting(), NOW + 1000 * step)
            end(session)
            sessions.retire(session)
        assert len(sessions.summaries()) == MAX_ENDED
        assert sessions.summaries()[-1]["created"] == NOW + 3000

    def test_a_session_is_overdue_when_its_emulator_stays_away_too_long(self) -> None:
        sessions = opened()
        lost = sessions.greet(greeting(), NOW)
        sessions.greet(greeting(), NOW)
        hear(lost, Disconnected("reset"))
        assert sessions.overdue(0.0, 600) == []
        assert sessions.overdue(600.0, 600) == []
        assert sessions.overdue(600.1, 600) == [lost]

    def test_one_that_came_back_meanwhile_begins_to_wait_anew(self) -> None:
        sessions = opened()
        lost = sessions.greet(greeting(), NOW)
        hear(lost, Disconnected("reset"))
        assert sessions.overdue(0.0, 600) == []
        hear(lost, Reported(open_session(lost.metadata())), NOW + 1)
        hear(lost, Disconnected("reset"), NOW + 2)
        assert sessions.overdue(601.0, 600) == []
