"""The whole calculation of the step, before tables and sentences."""

from __future__ import annotations

from dataclasses import dataclass

from ..dossier import Dossier
from ._accompagnement_calendrier import Evenement, ordered, plan_meetings
from ._accompagnement_dialogue import PointJuge, dialogue_events, judge_dialogue
from ._accompagnement_droit import law_events
from ._accompagnement_gouvernance import Decision, decide
from ._accompagnement_kit import DocumentLu, is_reachable, read_kit
from ._accompagnement_lecture import Lecture, read
from .partage import once_a_dossier


@dataclass(frozen=True)
class Analyse:
    lecture: Lecture
    kit: tuple[DocumentLu, ...]
    reachable: bool
    evenements: tuple[Evenement, ...]
    gouvernance: Decision
    dialogue: tuple[PointJuge, ...]

    @property
    def missing_documents(self) -> tuple[DocumentLu, ...]:
        """Documents of the sheet's kit that are expected and are neither valid nor reachable."""
        return tuple(
            lu for lu in self.kit if lu.document.du_kit and lu.attendu and lu.etat not in ("valide", "accessible")
        )

    def events(self, *rendez_vous: str) -> tuple[Evenement, ...]:
        return tuple(event for event in self.evenements if event.rendez_vous in rendez_vous)

    @property
    def trainings(self) -> tuple[Evenement, ...]:
        """By opening, the day by which training is over."""
        return self.events(self.lecture.accompagnement.calendrier.formation_rendez_vous)


@once_a_dossier
def analyse(dossier: Dossier) -> Analyse:
    lecture = read(dossier)
    dialogue = judge_dialogue(lecture)
    events = (*plan_meetings(lecture), *dialogue_events(dialogue), *law_events(lecture))
    return Analyse(
        lecture=lecture,
        kit=read_kit(lecture),
        reachable=is_reachable(lecture),
        evenements=ordered(events),
        gouvernance=decide(lecture),
        dialogue=dialogue,
    )
