"""Who watches over the ethics rules, and where a misuse is reported (law-ethics, 5.1 to 5.4; F3-13, F3-14, F3-37)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Confiance, IdFiche, IdItem, IdRegle, Modele, OuiNon, Referentiel

IdFormule = Literal["reseau", "commission"]
NatureDelai = Literal["legal", "propose", "sans_delai"]


class Siege(Modele):
    """A seat. `nombre_grande`: how many in a structure over `effectif_moyen`; None = the same number everywhere.

    `un_par`: the number follows the structure (see CriteresGouvernance); `nombre` is then the least.
    """

    id: str
    libelle: str
    profil: str
    nombre: int = Field(ge=1)
    nombre_grande: int | None = None
    un_par: Literal["", "correspondant"] = ""
    voix: OuiNon
    externe: OuiNon = False
    motif: str


class Formule(Modele):
    """The network or the commission: when, what it does and does not do, its act, its rhythm, its traces."""

    id: IdFormule
    libelle: str
    en_phrase: str
    """The label with its article, for a sentence."""
    quand: str
    missions: tuple[str, ...]
    limites: tuple[str, ...]
    acte: str
    acte_bases: tuple[str, ...] = ()
    rythme: str
    traces: tuple[str, ...]
    sieges: tuple[Siege, ...]
    mandat: tuple[str, ...]
    """Clauses of the draft mandate, in the imperative."""
    bases: tuple[str, ...] = ()
    regles: tuple[IdRegle, ...] = ()
    fiche: tuple[IdFiche, ...]


class FormuleMixte(Modele):
    libelle: str
    en_phrase: str
    conseil: str
    fiche: tuple[IdFiche, ...]
    bases: tuple[str, ...] = ()


class Mutualisation(Modele):
    """What is proposed to a structure too small for a commission of its own."""

    proposition: str
    motif: str
    sieges: tuple[Siege, ...]
    fiche: tuple[IdFiche, ...]


class CriteresGouvernance(Modele):
    """What leads to a network, a commission or both: choices of the project (5.1), printed in the annex."""

    item: IdItem
    """The maturity item that says whether a network or a commission exists."""
    item_signalement: IdItem
    seuil_item: float
    marques_commission: tuple[str, ...]
    niveau_residuel_commission: int
    cas_peu: int
    """Up to this number of active uses, the structure has « peu de cas »."""
    effectif_moyen: int
    """Up to this headcount, the structure is « petite ou moyenne »."""
    commission_effectif_minimal: int
    """Under this headcount the commission is asked of the parent entity rather than created."""
    agents_par_correspondant: int
    membres: tuple[int, int]
    """Least and most voting members of a commission, the outside person included."""
    mandat_mois: int


class VoieExterne(Modele):
    """One of the ways of hearing an outside person. `siege`: the person takes a seat in the commission."""

    id: str
    libelle: str
    consequence: str
    siege: OuiNon
    bases: tuple[str, ...]


class Externe(Modele):
    """The legal point of 5.2: what an outside member may undo, and the ways round it."""

    principe: str
    dispenses: tuple[str, ...]
    alerte: str
    voies: tuple[VoieExterne, ...]
    voie_proposee: str
    motif: str
    garanties: tuple[str, ...]
    profils: tuple[str, ...]
    bases: tuple[str, ...]
    fiche: tuple[IdFiche, ...]


class Lien(Modele):
    """How an existing actor relates to the governance of AI, and the bound not to cross (5.3)."""

    id: str
    acteur: str
    lien: str
    borne: str
    bases: tuple[str, ...] = ()


class Delai(Modele):
    """A delay in words. `confiance` says how the delay itself was checked, whatever its base is worth."""

    texte: str
    nature: NatureDelai
    confiance: Confiance | None = None
    """None for a delay that the project proposes: there is nothing to check."""


class EtapeSignalement(Modele):
    id: str
    libelle: str
    texte: str
    delai: Delai | None = None
    bases: tuple[str, ...] = ()


class Route(Modele):
    """One way for a report (5.4). `dates_de`: the base whose date of application the whole route waits for."""

    id: str
    libelle: str
    nature: str
    destinataire: str
    delai: Delai
    bases: tuple[str, ...]
    regles: tuple[IdRegle, ...] = ()
    dates_de: str = ""
    confiance: Confiance
    reserve: str = ""


class ChampSignalement(Modele):
    id: str
    libelle: str
    aide: str
    obligatoire: OuiNon = False


class IndicateurSignalement(Modele):
    id: str
    libelle: str
    calcul: str


class Prudence(Modele):
    texte: str
    bases: tuple[str, ...] = ()
    regles: tuple[IdRegle, ...] = ()


class Signalement(Modele):
    principe: str
    ouvert_a: tuple[str, ...]
    etapes: tuple[EtapeSignalement, ...]
    routes: tuple[Route, ...]
    champs: tuple[ChampSignalement, ...]
    indicateurs: tuple[IndicateurSignalement, ...]
    prudences: tuple[Prudence, ...]
    bases: tuple[str, ...]
    fiche: tuple[IdFiche, ...]


class RoleGouvernance(Modele):
    """Who does what, one line an actor (end of 5.3). `pilote`: the role id of one of the three pilots, or ""."""

    id: str
    acteur: str
    role: str
    pilote: str = ""


class TriplePilotage(Modele):
    principe: str
    rythme: str
    repartition: tuple[RoleGouvernance, ...]
    fiche: tuple[IdFiche, ...]


class Gouvernance(Referentiel):
    formules: tuple[Formule, ...]
    mixte: FormuleMixte
    mutualisation: Mutualisation
    criteres: CriteresGouvernance
    externe: Externe
    liens: tuple[Lien, ...]
    signalement: Signalement
    pilotage: TriplePilotage

    def formule(self, id_: str) -> Formule:
        """Raises StopIteration on an id that the file does not hold."""
        return next(formule for formule in self.formules if formule.id == id_)
