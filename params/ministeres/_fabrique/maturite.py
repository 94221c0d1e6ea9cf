"""Answers to the maturity questionnaire and to the agents' écho.

Each item has a state of its own around the structure's; a role sees it with its own optimism, a person with theirs. So
answers agree inside a structure and differ between roles, as they do in real life.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from vigie.referentiels.maturite import Item

from .alea import Alea
from .contenu import Contenu, Imposee, StructureFictive
from .population import campaign_day
from .reponse import Repondant, Reponse

DECIDEURS = ("DIR", "RH", "NUM")


def draw_maturite(
    contenu: Contenu, structure: StructureFictive, repondants: list[Repondant], alea: Alea, commun: Alea
) -> list[Reponse]:
    """Answers of the named respondents. `commun` makes an item hard or easy in every structure."""
    etats = {
        item.id: _Item(contenu, structure, item, alea, commun) for item in contenu.referentiels.maturite.items.values()
    }
    remarques = _Remarques(contenu, alea)
    reponses: list[Reponse] = []
    for repondant in repondants:
        if repondant.exprime:
            tirage = alea.branch("maturite", repondant.id)
            reponses += _answers_of(contenu, structure, repondant, etats, remarques, tirage)
    return reponses


class _Item:
    """State of one item in the structure: its real level, its document and its indicator ("" when there is none)."""

    def __init__(self, contenu: Contenu, structure: StructureFictive, item: Item, alea: Alea, commun: Alea) -> None:
        self.id: str = item.id
        self.dimension: str = item.id.split(".")[0]
        self.roles: tuple[str, ...] = item.roles
        tirage = alea.branch("item", item.id)
        moyenne = structure.maturite[self.dimension]
        self.niveau = moyenne + commun.branch("item", item.id).normal(0.35) + tirage.normal(0.4)
        document = tirage.unit() < structure.documents + 0.15 * (self.niveau - 3)
        indicateur = document and tirage.unit() < structure.indicateurs + 0.12 * (self.niveau - 3)
        imposee = structure.preuves_imposees.get(item.id) or structure.preuves_imposees.get(self.dimension)
        if imposee:
            document, indicateur = imposee.document, imposee.indicateur
        quantieme = tirage.integer(1, 28)
        jour = date(2026, tirage.integer(1, 9), quantieme)
        modele = tirage.choice(contenu.textes.indicateurs[self.dimension]).format(n=tirage.integer(35, 95))
        existe = document and jour <= structure.cloture
        self.document = f"{contenu.textes.documents[item.id]} ({jour:%d/%m/%Y})" if existe else ""
        self.indicateur = modele if indicateur and existe else ""
        self.vu_par_role = {role: tirage.branch("role", role).normal(0.2) for role in item.roles}


class _Remarques:
    """Hands out each written remark once in a structure: people do not copy one another word for word."""

    def __init__(self, contenu: Contenu, alea: Alea) -> None:
        self._restantes = {
            (item, ton): alea.branch("remarques", item, ton).shuffled(getattr(tons, ton))
            for item, tons in contenu.textes.commentaires.items()
            for ton in ("bas", "moyen", "haut")
        }

    def about(self, item: str, niveau: int) -> str:
        restantes = self._restantes[item, "bas" if niveau <= 2 else "moyen" if niveau == 3 else "haut"]
        return restantes.pop() if restantes else ""


def _answers_of(
    contenu: Contenu,
    structure: StructureFictive,
    repondant: Repondant,
    etats: dict[str, _Item],
    remarques: _Remarques,
    tirage: Alea,
) -> Iterator[Reponse]:
    """What one person answered, in the order of the questionnaire; some stop before the end."""
    arret = tirage.integer(3, 7) if tirage.chance(0.08) else 8
    if structure.s_arrete:
        arret = min(arret, int(structure.s_arrete[1:]))
    prudence = tirage.between(0.4, 1.6) * structure.inconnu
    for etat in etats.values():
        if repondant.role not in etat.roles:
            continue
        propre = tirage.branch(etat.id)
        imposee = _imposed(structure.imposees, etat, repondant.role)
        if imposee:
            yield _imposed_answer(contenu, repondant, etat, imposee, propre)
        elif int(etat.dimension[1:]) <= arret:
            yield _drawn_answer(contenu, structure, repondant, etat, remarques, prudence, propre)


def _imposed(imposees: tuple[Imposee, ...], etat: _Item, role: str) -> Imposee | None:
    found = (line for line in imposees if line.cible in (etat.id, etat.dimension) and line.role in ("", role))
    return next(found, None)


def _imposed_answer(contenu: Contenu, repondant: Repondant, etat: _Item, imposee: Imposee, alea: Alea) -> Reponse:
    """The written answer; its comment is said by the first person of the role only."""
    premier = repondant.id.endswith("1")
    commentaire = imposee.commentaire if premier or imposee.etat == "sans_objet" else ""
    preuve, indicateur = _evidence(contenu, repondant, etat, alea) if imposee.etat == "niveau" else ("", "")
    valeur = "" if imposee.valeur is None else str(imposee.valeur)
    return _answer(repondant, etat.id, imposee.etat, valeur, commentaire, preuve, indicateur)


def _drawn_answer(
    contenu: Contenu,
    structure: StructureFictive,
    repondant: Repondant,
    etat: _Item,
    remarques: _Remarques,
    prudence: float,
    alea: Alea,
) -> Reponse:
    role = repondant.role
    if alea.chance(0.015):
        return _answer(repondant, etat.id, "non_repondu", "")
    if alea.chance(contenu.populations.ne_sait_pas[role] * prudence):
        phrase = repondant.excuse if alea.chance(0.3) else ""
        return _answer(repondant, etat.id, "ne_sait_pas", "", phrase)
    regard = contenu.populations.optimisme[role] + etat.vu_par_role[role] + repondant.biais
    if role in DECIDEURS:
        regard += structure.decideurs
    niveau = clamp(etat.niveau + regard + alea.normal(0.38), 1, 5)
    bavard = 0.16 if role in ("RP", "AG", "MAN") else 0.08
    commentaire = remarques.about(etat.id, niveau) if alea.chance(bavard) else ""
    preuve, indicateur = _evidence(contenu, repondant, etat, alea)
    return _answer(repondant, etat.id, "niveau", str(niveau), commentaire, preuve, indicateur)


def _evidence(contenu: Contenu, repondant: Repondant, etat: _Item, alea: Alea) -> tuple[str, str]:
    """The document and the indicator this person joins; the first of a role asked about the item always does."""
    chance = contenu.populations.apporte_preuve.get(repondant.role, 0.0)
    porteur = repondant.role == etat.roles[0] and repondant.id.endswith("1")
    return (etat.document, etat.indicateur) if porteur or alea.chance(chance) else ("", "")


def _answer(
    repondant: Repondant,
    cible: str,
    etat: str,
    valeur: str,
    commentaire: str = "",
    preuve: str = "",
    indicateur: str = "",
) -> Reponse:
    return Reponse(
        repondant.structure,
        repondant.id,
        repondant.role,
        "maturite",
        "",
        cible,
        "niveau",
        etat,
        valeur,
        commentaire,
        preuve,
        indicateur,
        repondant.date,
    )


def draw_echo(contenu: Contenu, structure: StructureFictive, alea: Alea) -> list[list[Reponse]]:
    """One list of answers a person, without any name: `effectif` × `echo` people answered."""
    nombre = round(structure.effectif * structure.echo)
    return [_echo_of(contenu, structure, alea.branch("echo", rang)) for rang in range(nombre)]


def _echo_of(contenu: Contenu, structure: StructureFictive, alea: Alea) -> list[Reponse]:
    humeur = alea.normal(0.55)
    sans_outil = structure.sans_outil or alea.chance(0.25)
    jour = campaign_day(structure, alea, 14, 45)
    reponses = []
    for item in contenu.referentiels.maturite.echo.items:
        commentaire = ""
        if sans_outil and item.sans_objet and alea.chance(0.9):
            etat, valeur = "sans_objet", ""
            commentaire = "Je n'utilise aucun outil d'IA." if alea.chance(0.5) else ""
        elif alea.chance(0.05):
            etat, valeur = "ne_sait_pas", ""
        elif alea.chance(0.02):
            etat, valeur = "non_repondu", ""
        else:
            vecu = structure.maturite[item.dimension] + structure.visibilite + humeur + alea.normal(0.75)
            etat, valeur = "niveau", str(clamp(vecu, 1, 5))
        reponses.append(
            Reponse(structure.id, "", "AG", "maturite", "", item.id, "accord", etat, valeur, commentaire, date=jour)
        )
    return reponses


def clamp(value: float, low: int, high: int) -> int:
    """Nearest whole level inside the scale."""
    return max(low, min(high, int(value + 0.5)))
