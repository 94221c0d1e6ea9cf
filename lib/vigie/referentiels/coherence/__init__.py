"""What no single file can check: the referentiels agree with one another.

Each check takes the Referentiels and yields one Anomalie per thing to mend, in French; `vigie check` calls them all.
A check holds no content: lists of ids, thresholds and dates are read from the files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ...errors import Anomalie
from .accompagnement import check_support
from .competences import check_cotations, check_required_levels, check_tasks
from .droit import (
    check_bases_used,
    check_cases_counted,
    check_dates,
    check_method,
    check_rule_duties,
    check_rules_and_risks_agree,
)
from .formations import check_offer, check_paths, check_plan_settings
from .identifiants import check_citations, check_ideas_reached, check_unique_ids
from .maturite import check_level_scale, check_prefixes, check_targets, check_thresholds
from .restitution import check_common_scale, check_merges, check_vigilance_thresholds

if TYPE_CHECKING:
    from .. import Referentiels

__all__ = ["CHECKS", "check_coherence"]

CHECKS: tuple[Callable[[Referentiels], Iterator[Anomalie]], ...] = (
    check_unique_ids,
    check_citations,
    check_ideas_reached,
    check_prefixes,
    check_level_scale,
    check_thresholds,
    check_targets,
    check_required_levels,
    check_tasks,
    check_cotations,
    check_bases_used,
    check_dates,
    check_rules_and_risks_agree,
    check_rule_duties,
    check_method,
    check_cases_counted,
    check_support,
    check_offer,
    check_paths,
    check_plan_settings,
    check_common_scale,
    check_merges,
    check_vigilance_thresholds,
)


def check_coherence(referentiels: Referentiels) -> list[Anomalie]:
    """Every disagreement between the files, in the order of CHECKS; an empty list when they agree."""
    return [anomalie for check in CHECKS for anomalie in check(referentiels)]
