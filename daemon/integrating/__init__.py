"""Integrations of games in stable-retro: names, goal and a moment as its folder.

Reading order: `scenario` (a goal as `scenario.json`; pure), `integration` (the whole folder).
"""

__all__: list[str] = []
