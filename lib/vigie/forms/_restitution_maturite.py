"""A respondent's own maturity profile: their role's questions alone, rated by the rules of the whole diagnosis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..diagnostics.maturite import ResultatMaturite, diagnose
from ..diagnostics.profils import summarise_roles
from ..diagnostics.typographie import lower_first
from ..dossier import Dossier, Etat
from ..referentiels.maturite import Maturite
from ..rendering import charts, formats
from ..rendering.formats import count, enumerate_words, score
from ..rendering.tables import Column, Columns, lines, table
from ..rendering.views import View, bullets, figure, paragraph, titled


def maturity_view(dossier: Dossier, role: str, structure: Mapping[str, Any]) -> View:
    """`dossier`: the person's own; `structure`: the saved JSON of the structure's Resultat, {} when there is none."""
    cut = replace(dossier.referentiels, maturite=keep_role(dossier.referentiels.maturite, role))
    resultat = diagnose(dossier.replace(referentiels=cut))
    textes = cut.formulaires.restitution.textes
    if resultat.dimensions["score"].isna().all():
        return paragraph(textes["rien"], class_="vg-vide")
    beside = structure_scores(structure, cut.maturite.cotation.seuil_publication)
    scored = resultat.dimensions["score"].notna()
    silent = [line.libelle for line in lines(resultat.dimensions[~scored])]
    return View(
        _profile(resultat, dossier, beside),
        paragraph(_beside_sentence(beside, structure, cut.maturite, textes), class_="vg-note"),
        titled(textes["monter"], *(_dimension(line, resultat, dossier) for line in lines(resultat.dimensions[scored]))),
        *([paragraph(textes["sans_score"].format(dimensions=" ; ".join(silent)))] if silent else []),
    )


def keep_role(maturite: Maturite, role: str) -> Maturite:
    """The questionnaire of one role: dimensions, items and conditions that it is not asked about are left out."""
    kept = [
        dimension.model_copy(update={"items": items})
        for dimension in maturite.dimensions
        if (items := tuple(item for item in dimension.items if role in item.roles))
    ]
    ids = {item.id for dimension in kept for item in dimension.items}
    conditions = tuple(one for one in maturite.cotation.prealables if one.item in ids)
    cotation = maturite.cotation.model_copy(update={"prealables": conditions})
    return maturite.model_copy(update={"dimensions": tuple(kept), "cotation": cotation})


def structure_scores(structure: Mapping[str, Any], seuil: int) -> Mapping[str, float]:
    """Dimension → score of the structure; empty under the threshold of people who answered."""
    if int(structure.get("repondants_exprimes") or 0) < seuil:
        return {}
    rows = structure.get("tables", {}).get("dimensions", ())
    return {row["dimension"]: row["score"] for row in rows if row.get("score") is not None}


def _beside_sentence(
    beside: Mapping[str, float], structure: Mapping[str, Any], maturite: Maturite, textes: Mapping[str, str]
) -> str:
    if beside:
        return textes["structure"].format(n=structure["repondants_exprimes"])
    return textes["structure_absente"].format(seuil=maturite.cotation.seuil_publication)


def _profile(resultat: ResultatMaturite, dossier: Dossier, beside: Mapping[str, float]) -> View:
    textes, labels = dossier.referentiels.formulaires.restitution.textes, dossier.referentiels.libelles.colonnes
    dimensions = resultat.dimensions
    dimensions = dimensions.assign(libelle=dimensions["dimension"] + " " + dimensions["libelle"])
    dimensions["structure"] = dimensions["dimension"].map(beside)
    columns: Columns = [
        Column("libelle", labels["dimension"]),
        Column("score", textes["votre_score"], formats.score),
        "cible",
        Column("ecart", render=formats.score),
        *([Column("structure", textes["score_structure"], formats.score)] if beside else []),
    ]
    reached = int((dimensions["ecart"] <= 0).sum())
    key = "profil_lecture" + ("_aucune" if reached == 0 else "_un" if reached == 1 else "")
    lecture = textes[key].format(n=reached, total=len(dimensions))
    names = {niveau.niveau: niveau.nom for niveau in dossier.referentiels.maturite.niveaux}
    nobody = summarise_roles(resultat.roles.iloc[:0])
    figures = table(dimensions, columns, textes["profil_table"], labels)
    return figure(charts.profile(dimensions, nobody, names, f"{lecture}.", figures))


def _dimension(line: Any, resultat: ResultatMaturite, dossier: Dossier) -> View:
    """Where one dimension stands, and what would lift it: evidence that is missing first, then what to do."""
    restitution = dossier.referentiels.formulaires.restitution
    words = {"score": score(line.score), "cible": count(line.cible), "couverture": formats.percent(line.couverture)}
    reached = "atteinte" if line.ecart <= 0 else "sous_cible"
    key = reached if line.etat == "concluant" else "non_concluante"
    advice = list(_advice(line, resultat, dossier))[: restitution.actions_par_dimension]
    parts = [paragraph(restitution.textes[key].format(**words)), *([bullets(advice)] if advice else [])]
    return titled(f"{line.dimension} {line.libelle}", *parts, level=4)


def _advice(line: Any, resultat: ResultatMaturite, dossier: Dossier) -> Iterator[str]:
    textes = dossier.referentiels.formulaires.restitution.textes
    asked = dossier.referentiels.maturite.items
    items = resultat.items[resultat.items["dimension"] == line.dimension]
    for item in lines(items[items["valeur"] < items["valeur_brute"]]):
        yield textes[f"sans_{item.plafond}"].format(
            item=item.item,
            brute=count(item.valeur_brute),
            valeur=count(item.valeur),
            preuve=lower_first(asked[item.item].preuve),
        )
    if unknown := list(items.loc[items["etat"] == Etat.NE_SAIT_PAS, "item"]):
        yield textes["inconnues"].format(items=enumerate_words(unknown))
    if line.ecart > 0:
        low = items[items["valeur"] < line.cible].sort_values("valeur", kind="stable")
        for id_ in low["item"]:
            yield textes["action"].format(item=id_, action=asked[id_].action)
