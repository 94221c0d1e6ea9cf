"""What a notebook calls: `open_step` opens one step of one structure; its `show_*` methods read like the sheet."""

from .base import open_step

__all__ = ["open_step"]
