"""Pokes of a made-up game's numbers, one after the other."""

from typing import cast

from daemon.analysis.word_fields import WordField
from daemon.probing.axis_comparison import Moved
from daemon.probing.played_session import PlayedSession
from daemon.probing.request import Verdict
from daemon.probing.single_pokes import POKED, best_first, poke_each
from tests.fakes.jumping_game import SHOTS, Jumper, MadeSession


def test_a_source_stands_before_its_copy_and_numbers_that_were_not_poked() -> None:
    session = cast("PlayedSession", MadeSession(Jumper(shots=9, shown_shots=9)))
    copy, source = (Moved(position, WordField(position % 4, 1), 5.0, 0.0, -2.0) for position in (SHOTS + 4, SHOTS))
    state = session.state_at(0)
    origin = session.play(state, [], [0])[0]
    outcomes = poke_each(session, state, origin, [copy, source])
    assert {position: outcome.verdict for position, outcome in outcomes.items()} == {
        SHOTS + 4: Verdict.COPY,
        SHOTS: Verdict.SOURCE,
    }
    assert session.frames == 3 * POKED
    first, second = best_first(session, origin, [copy, source], outcomes, ("Up", "Down"))
    assert (first.address, first.value, first.moves) == (SHOTS, 9, {"Up": 0.0, "Down": -2.0})
    assert first.followers == (SHOTS + 4,)
    assert first.reason == "not with Up, -2 with Down; kept what was poked, and others followed"
    assert second.reason.endswith("written anew when poked")
    (unknown,) = best_first(session, origin, [copy], {}, ("", "B"))
    assert (unknown.verdict, unknown.moves, unknown.score) == (Verdict.UNKNOWN, {"B": -2.0}, 5.0)
