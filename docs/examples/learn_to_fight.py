"""Learns to fight in the demo game: first by imitating a person, then by playing on for reward.

    python -m pip install -e ".[environment]" stable-baselines3 matplotlib
    python learn_to_fight.py data/evening data/morning --steps 60000 --plot curve.png

The sessions are the person's. Their label `context=battle` says where episodes begin and which frame sets are imitated;
names of memory are what the agent sees, and what its reward is made of: blows that it lands, less those that it takes.
"""

import argparse
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import torch
from numpy.typing import NDArray
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.evaluation import evaluate_policy
from stable_baselines3.common.monitor import Monitor

import gbatrace

GOAL = {"reward": "party[0].hp.delta - battle.foe.hp.delta - 0.05", "done": "scene != 12"}
"""A lost hit point costs what a landed one brings, time costs a little; another scene than the battle's is the end."""

SCALES = {
    "party[0].hp": 30.0,
    "battle.foe.hp": 30.0,
    "battle.list": 2.0,
    "battle.cursor": 3.0,
    "keys_held": 1.0,
}
"""Names that are observed, and what each is divided by; of the buttons only whether one is held."""

PHASES = 10
"""Values of `battle.phase`, each of which is an input of its own."""

BUTTONS = ("", "A", "B", "Right", "Down", "Left", "Up")
"""Actions: nothing, or a button."""

STEP_FRAMES = 5
MOST_STEPS = 240
"""Steps of an episode at most: 20 seconds."""

Inputs = NDArray[np.float32]


def inputs(values: NDArray[np.float64]) -> Inputs:
    """Turn values of the names, `battle.phase` last, into inputs of the network: shape (..., inputs)."""
    numbers = values[..., :-1] / np.array(list(SCALES.values()))
    numbers[..., -1] = numbers[..., -1] > 0
    phases = values[..., -1:] == np.arange(PHASES)
    return np.concatenate([numbers, phases], -1).astype(np.float32)


def environment(starts: Sequence[str], data_folder: Path) -> Monitor[Any, Any]:
    """Make the environment: a battle of the sessions, seen as `inputs`."""
    played = gbatrace.make_env(
        "gbatrace_demo",
        names=[*SCALES, "battle.phase"],
        actions="combinations",
        combinations=[button or "None" for button in BUTTONS],
        goal=GOAL,
        starts=starts,
        frame_skip=STEP_FRAMES,
        max_steps=MOST_STEPS,
        data_folder=str(data_folder),
    )
    space = gymnasium.spaces.Box(-1, 100, (len(SCALES) + PHASES,), np.float32)
    return Monitor(gymnasium.wrappers.TransformObservation(played, inputs, space))


def read_battles(sessions: Sequence[Path]) -> tuple[list[str], Inputs, NDArray[np.int64]]:
    """Read what the label `context=battle` covers.

    Returns:
        Moments at which battles begin; what was seen after each of their frame sets, shape (n, inputs); and the action
        taken then, shape (n,).
    """
    starts, seen, taken = list[str](), [], []
    for folder in sessions:
        session = gbatrace.open(folder)
        labels = session.labels
        fights = [number in labels and labels[number].context == "battle" for number in session.numbers.tolist()]
        values = np.stack([session.values(name).at_each_set() for name in (*SCALES, "battle.phase")], -1)
        held = session.values("keys_held").at_each_set()
        for place in np.flatnonzero(fights[:-1]):
            if not (place and fights[place - 1]):
                starts.append(f"{folder}@{session.numbers[place]}")
            seen.append(values[place])
            taken.append(action_of(int(held[place + 1])))
    return starts, inputs(np.array(seen)), np.array(taken, np.int64)


def action_of(held: int) -> int:
    """Return the action that a bit set of held buttons is, as `keys_held` has it."""
    bits = {"A": 1, "B": 2, "Right": 16, "Left": 32, "Up": 64, "Down": 128}
    return next((action for action, button in enumerate(BUTTONS) if held & bits.get(button, 0)), 0)


def imitate(model: PPO, seen: Inputs, taken: NDArray[np.int64], epochs: int) -> float:
    """Clone behaviour: make what the person did probable; gives the mean of the logarithms of its chances."""
    optimizer = torch.optim.Adam(model.policy.parameters(), lr=1e-3)
    inputs_seen, actions = torch.as_tensor(seen), torch.as_tensor(taken)
    chances = torch.zeros(())
    for _ in range(epochs):
        for part in torch.randperm(len(actions)).split(256):
            chances = model.policy.evaluate_actions(inputs_seen[part], actions[part])[1].mean()
            optimizer.zero_grad()
            (-chances).backward()
            optimizer.step()
    return float(chances.detach())


class Curve(BaseCallback):  # type: ignore[misc,unused-ignore] # untyped where the library is not installed
    """Rewards of the episodes while it learns: steps so far, and the reward of the episode that ended then."""

    def __init__(self) -> None:
        super().__init__()
        self.points: list[tuple[int, float]] = []

    def _on_step(self) -> bool:
        ended = (info["episode"] for info in self.locals["infos"] if "episode" in info)
        self.points += [(self.num_timesteps, float(episode["r"])) for episode in ended]
        return True


def reinforce(model: PPO, steps: int) -> list[tuple[int, float]]:
    """Learn by playing; gives the curve."""
    curve = Curve()
    model.learn(steps, callback=curve)
    return curve.points


def smoothed(points: Sequence[tuple[int, float]], over: int = 40) -> tuple[list[int], list[float]]:
    """Return steps and the mean rewards of so many episodes up to them."""
    rewards = np.array([reward for _, reward in points])
    means = [float(rewards[max(0, place + 1 - over) : place + 1].mean()) for place in range(len(points))]
    return [step for step, _ in points], means


def draw(path: Path, curves: Mapping[str, Sequence[tuple[int, float]]], levels: Mapping[str, float]) -> None:
    """Draw learning curves, and levels to compare them with."""
    import matplotlib.pyplot as plt  # noqa: PLC0415 - only who draws needs it

    figure, axes = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
    for name, points in curves.items():
        axes.plot(*smoothed(points), label=name)
    for place, (name, level) in enumerate(levels.items()):
        axes.axhline(level, linestyle=(":", "--")[place % 2], color="grey", label=f"{name}: {level:.1f}")
    axes.set(xlabel="steps of five frames", ylabel="reward of a battle")
    axes.legend()
    figure.savefig(path, dpi=100)


def main(words: Sequence[str] | None = None) -> dict[str, float]:
    """Learn, print mean rewards of a battle, and return them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sessions", nargs="+", type=Path, help="folders of sessions with battles labelled")
    parser.add_argument("--steps", type=int, default=60_000, help="steps of play to learn from")
    parser.add_argument("--epochs", type=int, default=60, help="times that the person's steps are gone through")
    parser.add_argument("--battles", type=int, default=30, help="battles that a mean is taken of")
    parser.add_argument("--plot", type=Path, help="PNG of the learning curves to write")
    parser.add_argument("--compare", action="store_true", help="learn from nothing as well, without the person")
    chosen = parser.parse_args(words)

    began = time.perf_counter()
    starts, seen, taken = read_battles(chosen.sessions)
    print(f"{len(starts)} battles, {len(taken)} frame sets to imitate")
    env = environment(starts, chosen.sessions[0].parent)
    found: dict[str, float] = {}

    def judge(name: str, model: PPO) -> None:
        env.reset(seed=0)
        found[name] = float(evaluate_policy(model, env, chosen.battles, deterministic=False)[0])
        print(f"{name}: {found[name]:.1f} a battle ({time.perf_counter() - began:.0f} s)", flush=True)

    def untaught() -> PPO:
        return PPO("MlpPolicy", env, n_steps=1024, batch_size=128, ent_coef=0.01, seed=0, device="cpu")

    model = untaught()
    judge("by chance", model)
    imitate(model, seen, taken, chosen.epochs)
    judge("imitation", model)
    curves = {"imitation, then reinforcement": reinforce(model, chosen.steps)}
    judge("imitation, then reinforcement", model)
    if chosen.compare:
        alone = untaught()
        curves["reinforcement alone"] = reinforce(alone, chosen.steps)
        judge("reinforcement alone", alone)
    env.close()
    if chosen.plot:
        draw(chosen.plot, curves, {name: found[name] for name in ("by chance", "imitation")})
    return found


if __name__ == "__main__":
    main()
