"""Environment of Gymnasium: a game in a core of its own, to be acted in by a program.

A *step* is a number of frames during which an action is held, by default those of a frame set, so that the steps of the
environment are those of the datasets. An *episode* begins at one of the *starts*: power-on, or a moment of a recorded
session.

* pure: `options` · `actions` · `variables` (values of named addresses) · `observations`; reward and end:
  `daemon/goals/`
* shells: `game` (the ROM, its game config and names) · `starts` (savestates) · `episodes` (sessions of what is played)
  · `game_environment` (all of it together) · `registration` (ids for `gymnasium.make`)

Needs Gymnasium, so nothing else imports it; `gbatrace.make_env` does when it is called.
"""

__all__: list[str] = []
