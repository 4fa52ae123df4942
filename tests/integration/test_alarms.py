"""An alarm of the book of names drops marks and gives labels while a game is recorded, and says so."""

import asyncio
from pathlib import Path
from typing import Any

import orjson
import zmq

from daemon.access.keys import bus_secret
from protocol.bus.messages import Request, pack_request, unpack_answer
from protocol.link.messages import Welcome
from protocol.session.layout import session_folder
from protocol.session.reader import open_session
from tests.fakes.emulator import emulator
from tests.fakes.game import Game, greeting
from tests.fakes.patience import until
from tests.integration.running_daemon import running_daemon
from tests.integration.test_acknowledgements import play

WATCHED = 0x0300_0004
SETS = 120


async def test_it_marks_and_labels_what_happens_and_says_which_rule_it_was(tmp_path: Path) -> None:
    with running_daemon(tmp_path) as endpoints, zmq.Context() as context, context.socket(zmq.DEALER) as dealer:
        dealer.linger = 0
        dealer.connect(endpoints.router)

        async def ask(command: str, **arguments: Any) -> Any:
            dealer.send(pack_request(Request(1, command, arguments, bus_secret(tmp_path))))
            return unpack_answer(await asyncio.to_thread(dealer.recv))

        async with emulator(endpoints.link_port) as at:
            welcome = await at.ask(greeting())
            assert isinstance(welcome, Welcome)
            session = welcome.session
            game = Game()
            await play(at, game, 1)
            place = {"session": session, "address": WATCHED, "type": "u32", "who": "ann", "origin": "test"}
            for hp, alarm in (("hp", "hp changed"), ("hp2", "changed then label outcome=hit")):
                assert (await ask("name", **place, name=hp, alarm=alarm)).error is None
            refused = await ask("name", **place, name="hp3", alarm="sometimes")
            assert refused.error is not None
            assert refused.error[0] == "FilterError"
            await asyncio.sleep(0.5)  # The book is read on a thread.
            first = game.next_set
            await play(at, game, SETS)
            rows = [row for row in game.rows if row.address == WATCHED and row.frame_set_id >= first]
            assert rows
            folder = session_folder(tmp_path, session)
            await until(folder.annotations(rows[0].frame_set_id).is_file)
            reader = open_session(folder.path)
            marks = [event for event in reader.events() if event.name == "mark"]
            assert (marks[0].frame_set_id, marks[0].frame) == (rows[0].frame_set_id, rows[0].frame)
            assert marks[0].details["alarm"] == "hp changed"
            assert marks[0].details["value"] == rows[0].current
            labels = reader.annotations(rows[0].frame_set_id)
            assert labels is not None
            assert labels.outcome == "hit"
            entry = orjson.loads(folder.annotation_history.read_bytes().splitlines()[0])
            assert (entry["who"], entry["origin"]) == ("hp2 changed", "alarm")
