"""Seeded draws whose results are the same on every machine and every Python.

The standard `random` module only promises that `random()` itself never changes, and a generator for each answer would
be slow to seed. A splitmix64 of ten lines gives both: any key (a structure, a person, an item) opens its own stream, so
adding a question does not move the answers given to the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar
from zlib import crc32

T = TypeVar("T")
_MASK = (1 << 64) - 1
_STEP = 0x9E3779B97F4A7C15


def _mix(value: int) -> int:
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


class Alea:
    """A stream of draws. `branch` opens an independent one for a key, without consuming this one."""

    __slots__ = ("_origin", "_state")

    def __init__(self, graine: int) -> None:
        self._origin = self._state = _mix(graine & _MASK)

    def branch(self, *keys: str | int) -> Alea:
        text = "|".join(map(str, keys)).encode()
        return Alea(self._origin ^ (crc32(text) << 32 | crc32(text[::-1])))

    def unit(self) -> float:
        """Uniform on [0, 1[."""
        self._state = (self._state + _STEP) & _MASK
        return (_mix(self._state) >> 11) / (1 << 53)

    def chance(self, probability: float) -> bool:
        return self.unit() < probability

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.unit()

    def integer(self, low: int, high: int) -> int:
        """Uniform on low..high, both included."""
        return low + int(self.unit() * (high - low + 1))

    def normal(self, spread: float = 1.0) -> float:
        """Bell-shaped, centred on 0, standard deviation `spread`, never beyond 3.5 times it.

        A sum of four uniforms needs no logarithm, whose last bit differs between machines.
        """
        return spread * (self.unit() + self.unit() + self.unit() + self.unit() - 2) * 3**0.5

    def choice(self, values: Sequence[T]) -> T:
        return values[int(self.unit() * len(values))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One of the keys, drawn in proportion of its weight."""
        rest = self.unit() * sum(weights.values())
        for value, weight in weights.items():
            rest -= weight
            if rest < 0:
                return value
        return value

    def shuffled(self, values: Sequence[T]) -> list[T]:
        """Fisher-Yates, in a new list."""
        result = list(values)
        for last in range(len(result) - 1, 0, -1):
            other = int(self.unit() * (last + 1))
            result[last], result[other] = result[other], result[last]
        return result

    def sample(self, values: Sequence[T], size: int) -> list[T]:
        return self.shuffled(values)[:size]


def spread_out(total: int, weights: Mapping[T, float]) -> dict[T, int]:
    """Whole numbers in proportion of `weights` that sum to `total` (largest remainders)."""
    whole = sum(weights.values())
    exact = {key: total * weight / whole for key, weight in weights.items()}
    result = {key: int(value) for key, value in exact.items()}
    by_remainder = sorted(exact, key=lambda key: result[key] - exact[key])
    for key in by_remainder[: total - sum(result.values())]:
        result[key] += 1
    return result
