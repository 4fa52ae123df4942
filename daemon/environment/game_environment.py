"""Environment of Gymnasium in which a game of the console is played. Shell."""

import weakref
from collections.abc import Sequence
from contextlib import ExitStack
from math import gcd
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np

from daemon.analysis.session_history import SessionHistory
from daemon.disk.data_folder import prepare_data_folder
from daemon.environment.actions import actions_of
from daemon.environment.episodes import EpisodeRecorder
from daemon.environment.game import chosen_names, find_game
from daemon.environment.observations import Observer
from daemon.environment.options import DEMO, ENTRY_POINT, ActionKind, EnvironmentOptions, Observed, environment_id
from daemon.environment.starts import make_starts
from daemon.environment.variables import VariableReader
from daemon.goals.scorer import GoalScorer
from daemon.headless.scanner import FRAMES_PER_SET
from lua.headless.console_choice import open_console
from lua.headless.core import MOST_DRAWN_APART
from protocol.changes import U8
from protocol.console import GBA, NO_KEYS
from protocol.errors import SettingsError
from protocol.session.reader import open_session

__all__ = ["GameEnvironment"]


class GameEnvironment(gymnasium.Env[Any, Any]):
    """A game to act in, in a core of its own; several may be in one process.

    Args:
        game: name of a game config, or path of a ROM.
        options: see `gbatrace.make_env`.

    Attributes:
        names: of the variables that are observed, in their order.
        starts: of the episodes, as they were given.

    Raises:
        GbatraceError: an option has an impossible value; the ROM, the core, a session or the goal cannot be used.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": GBA.frames_per_second}  # noqa: RUF012 - Gymnasium's own form

    def __init__(self, game: str = DEMO, **options: Any) -> None:
        chosen = EnvironmentOptions(game=game, **options)
        self.spec = gymnasium.envs.registration.EnvSpec(
            environment_id(Path(game).stem),
            ENTRY_POINT,
            kwargs=chosen.given(),
            order_enforce=False,
            disable_env_checker=True,
        )
        self.render_mode = chosen.render_mode
        self.metadata = {**type(self).metadata, "render_fps": GBA.frames_per_second / chosen.frame_skip}
        self._options = chosen
        self._actions = actions_of(chosen.action_kind, chosen.frame_skip, _combinations(chosen))
        self.action_space = self._actions.space
        with ExitStack() as stack:
            self._open(chosen, stack)
            # Also where nobody closes it, when it is dropped or the program ends: the last episode is a session then.
            self._resources = weakref.finalize(self, stack.pop_all().close)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begin an episode.

        Args:
            seed: of the choice among several starts.
            options: `start` is the number of one.

        Raises:
            ClosedEnvironmentError: the environment is closed.
            SettingsError: there is no such start.
            StoreError: the disk refused to record the episode.
        """
        self._need_core()
        super().reset(seed=seed)
        drawn = int(self.np_random.integers(len(self._starts)))
        number = (options or {}).get("start", drawn)
        if not isinstance(number, int | np.integer) or number not in range(len(self._starts)):
            raise SettingsError(f"There is no start {number!r}: this environment has {len(self._starts)}, from 0.")
        self._start = self._starts[number]
        self._core.load_state(self._start.state)
        self._has_begun = True
        if self._episodes:
            self._episodes.begin(self._start)
        self._steps = 0
        values = self._reader.values()
        self._scorer.begin(values[self._goal_places])
        return self._observer.observe(values, self._picture()), self._info()

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Play the frames of a step.

        Raises:
            ClosedEnvironmentError: the environment is closed.
            InvalidAction: it is none of the action space.
            ResetNeeded: no episode has begun yet.
            StoreError: the disk refused the frame set that was recorded.
        """
        self._need_core()
        if not self._has_begun:
            raise gymnasium.error.ResetNeeded("No episode has begun: call reset before step.")
        if not self.action_space.contains(action):
            raise gymnasium.error.InvalidAction(f"{action!r} is no action of {self.action_space}.")
        run_frame = self._episodes.run_frame if self._episodes else self._core.run_frame
        for pressed in self._actions.pressed(action):
            run_frame(pressed)
        self._steps += 1
        values = self._reader.values()
        reward, is_done = self._scorer.step(values[self._goal_places])
        is_late = self._steps == self._options.max_steps
        info = self._info()
        if self._episodes and (is_done or is_late):
            self._episodes.end("the goal's end came" if is_done else "the last of its steps was taken")
        return self._observer.observe(values, self._picture()), reward, is_done, is_late, info

    def render(self) -> Any:
        """Return the picture that the screen shows, shape (160, 240, 3); None without a render mode."""
        return self._framebuffer() if self.render_mode else None

    def close(self) -> None:
        """Close the core. Closing twice does nothing."""
        self._resources()

    def _need_core(self) -> None:
        """Refuse once the core is closed: to read its memory would end the process."""
        if not self._resources.alive:
            raise gymnasium.error.ClosedEnvironmentError("This environment is closed: make another one.")

    def _open(self, chosen: EnvironmentOptions, stack: ExitStack) -> None:
        game = find_game(chosen)
        data_folder, core = Path(chosen.data_folder), Path(chosen.core) if chosen.core else None
        console = open_console(game.rom, core, None, lambda _line: None)
        stack.callback(console.close)
        self._core = console
        power_on = console.save_state()  # A tape, which has one play only, refuses here.
        self._draw(chosen)
        self._episodes: EpisodeRecorder | None = None
        if chosen.record_to:
            prepare_data_folder(Path(chosen.record_to))
            name = Path(chosen.game).stem
            self._episodes = EpisodeRecorder(Path(chosen.record_to), console, name, game.config_file)
            stack.callback(self._episodes.end, "the environment was closed")
        self._starts = make_starts(chosen.starts, power_on, game.rom, console.rom_hash, core)
        self._start = self._starts[0]
        self._has_begun = False
        self._steps = 0
        self.starts = chosen.starts
        book = game.book(data_folder, console.rom_hash)
        observed = chosen_names(book, chosen.names)
        goal = game.goal(data_folder, console.rom_hash, chosen.goal, book.names)
        if Observed.VARIABLES not in chosen.observed:
            observed = []
        self.names = tuple(name.name for name in observed)
        needed = list(dict.fromkeys([*(name.name for name in observed), *(goal.names if goal else ())]))
        self._reader = VariableReader([book.get(name) for name in needed], console.memories())
        self._goal_places = np.array([needed.index(name) for name in (goal.names if goal else ())], np.int64)
        self._scorer = GoalScorer(goal)
        self._observer = Observer(chosen.observed, observed, console.memories())
        self.observation_space = self._observer.space

    def _draw(self, chosen: EnvironmentOptions) -> None:
        """Let the core draw what is looked at: the last frame of each step and of each set."""
        self._shows_picture = Observed.PICTURE in chosen.observed
        is_seen = self._shows_picture or chosen.render_mode is not None
        looked_at = gcd(chosen.frame_skip, FRAMES_PER_SET if chosen.record_to else 0)
        is_free = not (is_seen or chosen.record_to)
        drawn = [every for every in range(1, MOST_DRAWN_APART + 1) if is_free or looked_at % every == 0]
        self._core.draw_every(drawn[-1])
        self._core.run_frame(0)  # It is drawn; a savestate does not change when the next one is.

    def _picture(self) -> U8 | None:
        return self._framebuffer() if self._shows_picture else None

    def _framebuffer(self) -> U8:
        return self._core.framebuffer() if self._steps else self._start.picture

    def _info(self) -> dict[str, Any]:
        info = {"frame": self._steps * self._options.frame_skip, "start": self._start.text}
        return info | {"session": self._episodes.session} if self._episodes else info


def _combinations(options: EnvironmentOptions) -> Sequence[str]:
    """Return the combinations: those given, or those of a session as they first come."""
    if options.action_kind is not ActionKind.COMBINATIONS or not isinstance(options.combinations, str):
        return tuple(options.combinations)
    timeline = SessionHistory(open_session(Path(options.combinations))).now.timeline
    _, first = np.unique(timeline.keys, return_index=True)
    seen = [timeline.combinations[timeline.keys[place]] for place in np.sort(first)]
    return list(dict.fromkeys([NO_KEYS, *(combination or NO_KEYS for combination in seen)]))
