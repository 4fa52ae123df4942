"""Registry of the environments of shipped game configs. Shell."""

import gymnasium

import resources
from daemon.environment.options import ENTRY_POINT, environment_id

__all__ = ["register_envs"]


def register_envs() -> None:
    """Register an environment for each game config that ships. Twice does nothing."""
    for game in sorted(path.stem for path in resources.game_configs().glob("*.json")):
        if environment_id(game) not in gymnasium.registry:
            gymnasium.register(environment_id(game), ENTRY_POINT, kwargs={"game": game})
