"""Registry of the environments of shipped game configs. Shell."""

import re

import gymnasium

import resources

__all__ = ["ENTRY_POINT", "environment_id", "register_envs"]

ENTRY_POINT = "daemon.environment.game_environment:GameEnvironment"
"""Class of an environment, in the form of Gymnasium's specifications."""

_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9_-]")


def environment_id(game: str) -> str:
    """Return the id of a game's environment: `gbatrace/gbatrace_demo-v0`.

    Args:
        game: name of its game config, or of its file, without the ending.
    """
    return f"gbatrace/{_NOT_IN_IDS.sub('_', game)}-v0"


def register_envs() -> None:
    """Register an environment for each game config that ships. Twice does nothing."""
    for game in sorted(path.stem for path in resources.game_configs().glob("*.json")):
        if environment_id(game) not in gymnasium.registry:
            gymnasium.register(environment_id(game), ENTRY_POINT, kwargs={"game": game})
