"""What a notebook calls: `open_step` opens one step of one structure; its `show_*` methods read like the sheet."""

from .base import open_step

__all__ = ["open_step", "warm_up"]


def warm_up() -> None:
    """Pay once what is slow the first time; called by a process that will fork many notebooks."""
    from .repetition import rehearse

    rehearse()
