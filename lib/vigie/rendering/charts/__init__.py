"""Charts: frames in, one SVG out, with its alternative text, its sentence and its table."""

from .bars import calendar, coverage_bars, need_bars
from .canvas import Chart
from .grids import heat_map, risk_matrix
from .profile import bullet, exposure, profile

__all__ = [
    "Chart",
    "bullet",
    "calendar",
    "coverage_bars",
    "exposure",
    "heat_map",
    "need_bars",
    "profile",
    "risk_matrix",
]
