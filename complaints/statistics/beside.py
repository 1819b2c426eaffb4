"""What apps above put beside these figures: their own lines on the same pages, frozen right after these.

This app must not import those above it, so they tell here, at their start. Nothing here is stored.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from complaints.statistics.quarters import Quarter
from complaints.statistics.suppression import Audience

if TYPE_CHECKING:
    from complaints.statistics.published import Publication, Scope

Follower = Callable[[datetime], int]
Neighbour = Callable[[Audience, "Scope", Quarter], "Publication | None"]

_followers: list[Follower] = []
_neighbours: list[Neighbour] = []


def follows(follower: Follower) -> Follower:
    """Register (as a decorator) what is frozen after the figures: given the time, it freezes all that is due.

    It returns how many figures it froze, and does no harm when it is called twice.
    """
    if follower not in _followers:
        _followers.append(follower)
    return follower


def freeze_followers(at: datetime) -> int:
    return sum(follower(at) for follower in _followers)


def stands_beside(neighbour: Neighbour) -> Neighbour:
    """Register (as a decorator) more figures for an audience, a scope and a quarter, suppressed like these."""
    if neighbour not in _neighbours:
        _neighbours.append(neighbour)
    return neighbour


def beside(audience: Audience, scope: Scope, quarter: Quarter) -> list[Publication]:
    """Return what others publish for the same reader of the same scope."""
    found = [neighbour(audience, scope, quarter) for neighbour in _neighbours]
    return [one for one in found if one is not None]
