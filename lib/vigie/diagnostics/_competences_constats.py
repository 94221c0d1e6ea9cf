"""What the reader of the skills synthesis must see, and what was not available.

No sentence names an agent, nor counts people on the strength of their levels under the threshold.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ..dossier import Etat
from ._competences_besoins import to_diagnose
from ._competences_calcul import Calcul
from ._competences_constats_exposition import exposure_constats
from ._competences_niveaux import is_soft
from ._competences_phrases import ALERTE, ATTENTION, audience_names, constat, strong_classes
from .chiffres import decimal, known, percent
from .petits_effectifs import MASQUE, PUBLIE, REGROUPE
from .phrases import count, enumerate_words, long_date
from .resultat import Constat
from .typographie import quoted, spaced

CRITERES = {"sexe": "le sexe", "categorie": "la catégorie", "site": "le site"}
"""Columns of the agents that equity is read by, one at a time (§4.3)."""


def observe(calcul: Calcul) -> tuple[Constat, ...]:
    """Every constat, from the perimeter to the safeguards."""
    return (*_perimeter(calcul), *exposure_constats(calcul), *_levels(calcul), *_groups(calcul), *_vigilance(calcul))


def missing(calcul: Calcul) -> tuple[str, ...]:
    """What was not available and what that leaves out."""
    dossier = calcul.dossier
    manques = []
    if calcul.agents.empty:
        manques.append(
            "Aucun agent à diagnostiquer (agents.csv vide, ou mandats seulement) : ni niveaux requis, ni écarts, ni "
            "besoins ; seule l'exposition des métiers est donnée."
        )
    elif not calcul.positionnes:
        manques.append(
            "Aucun positionnement d'agent : les niveaux requis sont connus, les écarts et les besoins ne le sont pas."
        )
    if calcul.exposition.cotations.empty:
        manques.append("Aucune cotation de tâches utilisable : les classes de départ des métiers sont utilisées.")
    if dossier.structure.mise_en_service is None and calcul.agents["ouverture"].isna().all():
        manques.append("Aucune date de mise en service : l'urgence est partout la plus basse.")
    return tuple(spaced(manque) for manque in manques)


def _perimeter(calcul: Calcul) -> Iterator[Constat]:
    dossier = calcul.dossier
    yield constat("PRUDENCE", dossier.referentiels.metiers.cotation.prudence, ATTENTION)
    if calcul.agents.empty:
        return
    texte = (
        f"Périmètre : {count(len(calcul.agents), 'agent')} de {dossier.structure.nom}, au "
        f"{long_date(dossier.campagne.date_reference)} ; {count(calcul.positionnes, 'positionné')} sur au moins une "
        f"compétence requise ({percent(calcul.positionnes / len(calcul.agents))})"
    )
    if known(calcul.part_preuves_fortes):
        texte += f" ; {percent(calcul.part_preuves_fortes)} des niveaux connus ne sont pas seulement déclarés"
    yield constat("PERIMETRE", f"{texte}{_period(calcul)}.")


def _period(calcul: Calcul) -> str:
    """The dates of the answers read, when there are any."""
    reponses = calcul.dossier.answers("competences")
    dates = reponses.loc[reponses["repondant"].isin(calcul.agents["agent"]) & reponses["date"].ne(""), "date"]
    if dates.empty:
        return ""
    debut, fin = (long_date(pd.Timestamp(jour).date()) for jour in (dates.min(), dates.max()))
    return f" ; réponses du {debut}" if debut == fin else f" ; réponses du {debut} au {fin}"


def _levels(calcul: Calcul) -> Iterator[Constat]:
    cotation = calcul.dossier.referentiels.competences.cotation
    besoins = calcul.besoins
    inconnus = to_diagnose(besoins)["competence"].tolist()
    if inconnus:
        yield constat(
            "INCONNUS",
            "Des niveaux actuels sont inconnus, ou ne peuvent être publiés, pour "
            f"{count(len(inconnus), 'compétence')} : un inconnu n'est pas un écart, il appelle un diagnostic court.",
            ATTENTION,
            inconnus,
        )
    fragiles = besoins.loc[besoins["a_confirmer"], "competence"].tolist()
    if fragiles:
        yield constat(
            "A_CONFIRMER",
            f"Besoins à confirmer par un diagnostic court, confiance moyenne sous "
            f"{decimal(cotation.confiance_a_confirmer, 1)} : {enumerate_words(fragiles)}.",
            ATTENTION,
            fragiles,
        )
    ecartees = calcul.individuel[calcul.individuel["signalement"] == "ecart_modes"]
    if len(ecartees):
        yield constat(
            "ECART_MODES",
            f"Pour certains positionnements, deux modes de preuve s'écartent d'au moins "
            f"{count(cotation.ecart_modes_signale, 'niveau', 'niveaux')} : le mode le plus fort est retenu et l'écart "
            "est signalé dans la liste du service de formation.",
            ATTENTION,
            sorted(ecartees["competence"].unique()),
        )
    yield from _left_aside(calcul)


def _left_aside(calcul: Calcul) -> Iterator[Constat]:
    """Answers that are not used: forbidden modes, mandates, unknown agents and jobs."""
    dossier = calcul.dossier
    referentiel = dossier.referentiels.competences
    interdits = [mode.id for mode in referentiel.cotation.preuves if mode.interdit_douces]
    douces = [competence.id for competence in referentiel.competences if is_soft(competence, referentiel)]
    modes = [mode.id for mode in referentiel.cotation.preuves]
    reponses = dossier.answers("competences")
    positions = reponses[reponses["mesure"].isin(modes) & (reponses["etat"] == Etat.NIVEAU)]
    recus = set(positions.loc[positions["mesure"].isin(interdits) & positions["cible"].isin(douces), "mesure"])
    if recus:
        libelles = [quoted(mode.libelle) for mode in referentiel.cotation.preuves if mode.id in recus]
        yield constat(
            "MODE_INTERDIT",
            f"Des niveaux de compétences douces sont arrivés par un mode interdit pour elles "
            f"({enumerate_words(libelles)}) : ils ne sont pas lus. À supprimer à la source.",
            ALERTE,
        )
    orphelines = int((~positions["repondant"].isin(dossier.agents["id"])).sum())
    if orphelines:
        yield constat(
            "REPONSES_SANS_AGENT",
            f"{count(orphelines, 'positionnement')} d'un agent absent de la liste des agents : non lus.",
            ATTENTION,
        )
    connus = [metier.id for metier in dossier.referentiels.metiers.metiers]
    sans_metier = int((~calcul.agents["metier"].isin(connus)).sum())
    if sans_metier:
        yield constat(
            "AGENTS_SANS_METIER",
            f"{count(sans_metier, 'agent')} sans famille de métiers connue : seuls les niveaux demandés à tous et ceux "
            "de leurs publics leur sont appliqués.",
            ATTENTION,
        )
    if calcul.mandats:
        yield constat(
            "MANDATS",
            "Les personnes qui exercent un mandat de représentation du personnel ne sont ni cotées, ni comptées dans "
            "les besoins ; une offre de formation équivalente leur est proposée.",
        )


def _groups(calcul: Calcul) -> Iterator[Constat]:
    """Small groups: what was grouped, what was masked, what no rule of one edition can mask."""
    cotation = calcul.dossier.referentiels.competences.cotation
    seuil = cotation.seuil_effectif
    homogene = f"moins de {cotation.seuil_homogene} toutes dans le même cas"
    synthese = calcul.synthese
    libelles = audience_names(calcul)
    regroupes = synthese.loc[synthese["etat"] == REGROUPE, "publics_regroupes"].unique()
    if len(regroupes):
        detail = " ; ".join(" avec ".join(libelles[public] for public in groupe.split()) for groupe in regroupes)
        yield constat(
            "REGROUPE",
            f"Publics de moins de {seuil} personnes positionnées, regroupés avec un public voisin selon les "
            f"compétences : {detail}.",
            cibles=sorted({public for groupe in regroupes for public in groupe.split()}),
        )
    masques = synthese.loc[synthese["etat"] == MASQUE, "public"].unique()
    if len(masques):
        yield constat(
            "MASQUE",
            f"Chiffres masqués pour une ou plusieurs compétences, sous {seuil} personnes positionnées, {homogene}, ou "
            "pour que l'on ne puisse pas les déduire du reste : "
            f"{enumerate_words(libelles[public] for public in masques)}.",
            cibles=masques,
        )
    totaux = calcul.besoins.loc[calcul.besoins["etat"] == MASQUE, "competence"].tolist()
    if totaux:
        yield constat(
            "BESOIN_MASQUE",
            f"Moins de {seuil} personnes positionnées dans toute la structure, ou {homogene} : aucun chiffre pour "
            f"{count(len(totaux), 'compétence')} ; le rang reste donné, pour agir.",
            cibles=totaux,
        )
    if (calcul.besoins["etat"] == PUBLIE).any():  # what this step cannot know: the editions printed before it
        yield constat(
            "EDITIONS",
            "Diffuser une seule édition de ces chiffres, et du plan de formation qui en découle, par campagne, une "
            "fois les réponses closes : entre deux éditions à quelques réponses d'écart, la différence donnerait le "
            "besoin des personnes qui ont répondu entre-temps. "
            "Une édition antérieure reste au service de formation.",
            ATTENTION,
        )


def _vigilance(calcul: Calcul) -> Iterator[Constat]:
    dossier = calcul.dossier
    if len(calcul.douces):
        garde_fous = dossier.referentiels.competences.garde_fous
        yield constat(
            "GARDE_FOUS",
            "Compétences douces : " + " ; ".join(garde_fou.regle.removesuffix(".") for garde_fou in garde_fous) + ".",
            ATTENTION,
            [garde_fou.id for garde_fou in garde_fous],
        )
    taux = calcul.positionnes / len(calcul.agents) if len(calcul.agents) else 1
    indicatif = dossier.referentiels.maturite.cotation.taux_reponse_indicatif
    if taux < indicatif:
        yield constat(
            "INDICATIF",
            f"Moins de {percent(indicatif)} des agents se sont positionnés : les besoins sont indicatifs.",
            ATTENTION,
        )
    for critere in CRITERES:
        yield from _equity(calcul, critere)


def _equity(calcul: Calcul, critere: str) -> Iterator[Constat]:
    """Share of agents of strong impact by group of one criterion, when every group reaches the threshold.

    The impact comes from the job, not from anyone's level.
    """
    cotation = calcul.dossier.referentiels.competences.cotation
    agents = calcul.agents[calcul.agents[critere] != ""]
    effectifs = agents.groupby(critere).size()
    if len(effectifs) < 2:
        return
    if len(agents) < len(calcul.agents) or effectifs.min() < cotation.seuil_effectif:
        yield constat(
            "EQUITE_NON_LUE",
            f"Exposition selon {CRITERES[critere]} non donnée : un groupe compte moins de "
            f"{cotation.seuil_effectif} agents, ou des agents ne sont pas renseignés.",
            cibles=[critere],
        )
        return
    parts: Any = agents["impact"].isin(cotation.rang1_classes).groupby(agents[critere]).mean()
    bas, haut = (
        f"{percent(float(parts[groupe]))} ({groupe}, {count(int(effectifs[groupe]), 'agent')})"
        for groupe in (parts.idxmin(), parts.idxmax())
    )
    yield constat(
        "EQUITE",
        f"Part des agents dont le métier a un impact de classe {strong_classes(calcul)}, selon {CRITERES[critere]} : "
        f"de {bas} à {haut}. Un écart appelle une attention à l'accès à la formation, pas une conclusion sur les "
        "personnes.",
        cibles=[critere],
    )
