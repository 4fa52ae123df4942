"""The probe of one button on a made-up game, without a core."""

from typing import cast

from daemon.probing.button_probe import ButtonProbe
from daemon.probing.played_session import PlayedSession
from daemon.probing.request import Verdict
from tests.fakes.jumping_game import SHOTS, Jumper, MadeSession


def probed(button: str, game: Jumper | None = None) -> tuple[ButtonProbe, tuple[str, ...], MadeSession]:
    session = MadeSession(game or Jumper())
    probe = ButtonProbe(cast("PlayedSession", session), button)
    return probe, probe.try_at(0), session


def test_what_a_button_takes_stands_before_what_is_drawn_of_it() -> None:
    probe, answered, session = probed("B")
    (group,) = probe.groups()
    first = group.candidates[0]
    assert (group.name, first.address, first.verdict, first.moves) == ("B", SHOTS, Verdict.SOURCE, {"B": -1.0})
    assert first.reason == "-1 with B; kept what was poked, and others followed"
    assert [each.verdict for each in group.candidates if each.address == SHOTS + 4] == [Verdict.COPY]
    assert answered == ("B",)
    assert session.frames <= 100


def test_a_mirror_of_the_button_alone_is_no_answer() -> None:
    probe, answered, _ = probed("Select")
    assert not probe.is_done
    assert [group.candidates for group in probe.groups()] == [()]
    assert answered == ()
