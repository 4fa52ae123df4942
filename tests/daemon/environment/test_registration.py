import gymnasium
import pytest

from daemon.environment.registration import register_envs

pytestmark = pytest.mark.usefixtures("mgba")


def test_each_game_config_that_ships_has_an_environment() -> None:
    register_envs()
    register_envs()
    assert gymnasium.spec("gbatrace/metabots_rokusho-v0").kwargs == {"game": "metabots_rokusho"}
    environment = gymnasium.make("gbatrace/gbatrace_demo-v0", actions="discrete", max_episode_steps=2)
    environment.reset(seed=1)
    assert [environment.step(0)[3] for _ in range(2)] == [False, True]
    environment.close()


def test_it_is_found_by_its_module_too() -> None:
    environment = gymnasium.make("gbatrace:gbatrace/gbatrace_demo-v0", names=["money"])
    assert environment.observation_space.shape == (1,)
    environment.close()
