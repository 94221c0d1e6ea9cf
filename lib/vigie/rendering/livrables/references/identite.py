"""What every page of a document says about itself: who it is about, when, and whether it is validated."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from ....diagnostics.validation import PROJET


@dataclass(frozen=True)
class Identite:
    """`etat`: « PROJET, non validé » or who validated; `fictif`: the notice of fictional data, "" otherwise."""

    titre: str
    ministere: str
    structure: str
    periode: str
    etat: str
    soustitre: str = ""
    fictif: str = ""
    paysage: bool = False
    court: str = ""

    @property
    def marge(self) -> str:
        """The title as the margin of each page writes it."""
        return self.court or self.titre

    @property
    def projet(self) -> bool:
        return self.etat.startswith(PROJET)

    def fields(self) -> dict[str, str]:
        texts = {name: value for name, value in asdict(self).items() if isinstance(value, str)}
        return {**texts, "court": self.marge}
