"""The référentiel of ethics rules as a ministry would adopt it: visas, articles by moment, dated law, annexes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ....diagnostics.regles_communes import merge_cases
from ....diagnostics.risques_ethique import ResultatRisquesEthique
from ...formats import capitalize, enumerate_words, long_date
from ...tables import Column, Table, lines, table
from ..classeurs import Champ, Feuille
from ..contexte import Contexte
from ..pieces import Piece
from ._droit import UNREAD, Reference, application, cite, references, visas

TEXTE = "texte"
UNREAD_NOTE = "* : base qui n'a pas été lue dans le texte même, voir l'annexe 3."
GENERAUX = 4
"""Articles of the first title of the template; those of the rules are numbered after them."""


@dataclass(frozen=True)
class Article:
    """One rule as an article of the act."""

    numero: int
    regle: str
    texte: str
    caractere: str
    responsable: str
    associes: str
    preuve: str
    critere: str
    usages: str
    fondements: tuple[str, ...]
    exigible: str
    note: str
    situation: str


@dataclass(frozen=True)
class Titre:
    """The rules of one moment. `rang`: number of the title in the act."""

    rang: str
    libelle: str
    articles: tuple[Article, ...]


def prepare(resultat: ResultatRisquesEthique, contexte: Contexte) -> Iterator[Piece]:
    rules = merge_cases(resultat.regles)
    known = references(resultat.bases, contexte.codes)
    titres = _titles(rules, resultat, contexte, known)
    articles = [article for titre in titres for article in titre.articles]
    numbers = {article.regle: article.numero for article in articles}
    bases = {base.id: cite(base, contexte.codes) for base in contexte.referentiels.bases.bases}
    methode = contexte.referentiels.methode
    donnees = {
        "visas": visas(resultat.bases),
        "visas_a_verifier": any(UNREAD in visa for visa in visas(resultat.bases)),
        "base": bases.__getitem__,
        "date": contexte.campagne.date_reference,
        "nombre_cas": len(resultat.cas),
        "nombre_regles": len(articles),
        "cas_actifs": _cases_table(resultat, contexte, stopped=False),
        "cas_arretes": _cases_table(resultat, contexte, stopped=True),
        "article_interdiction": numbers.get(methode.regle_interdiction, 0),
        "responsables": _owners_table(articles),
        "titres": titres,
        "premier_final": GENERAUX + len(articles) + 1,
        "titre_final": _roman(len(titres) + 2),
        "echeances": _due_table(rules, numbers, contexte),
        "revision": methode.revision,
        "existe": resultat.referentiel_existe,
        "reference": resultat.referentiel_reference,
        "comparaison": _comparison_table(resultat, numbers, contexte),
        "correspondance": _crosswalk(rules, resultat, known, contexte, numbers),
        "bases_table": _bases_table(resultat, contexte),
        "a_verifier": _unread(resultat, contexte, numbers),
        "calendrier": _calendar(resultat, contexte),
        "signalement": numbers.get("E49", 0),
        "versions": resultat.versions,
        "reserves": contexte.referentiels.bases.reserves,
    }
    yield Piece(donnees, feuilles=_sheets(rules, resultat))


def _titles(
    rules: pd.DataFrame, resultat: ResultatRisquesEthique, contexte: Contexte, known: Mapping[str, Reference]
) -> list[Titre]:
    found: list[Titre] = []
    numero = GENERAUX
    for moment in contexte.referentiels.regles.moments:
        group = rules[rules["moment"].eq(moment.id)].sort_values(["classe", "rang", "regle"], kind="stable")
        if group.empty:
            continue
        articles = []
        for line in lines(group):
            numero += 1
            articles.append(_article(numero, line, resultat, contexte, known))
        found.append(Titre(_roman(len(found) + 2), moment.libelle, tuple(articles)))
    return found


def _article(
    numero: int, line: Any, resultat: ResultatRisquesEthique, contexte: Contexte, known: Mapping[str, Reference]
) -> Article:
    today = contexte.campagne.date_reference
    characters = {entry.id: entry.libelle for entry in contexte.referentiels.regles.caracteres}
    regle = next(regle for regle in contexte.referentiels.regles.regles if regle.id == line.regle)
    status = dict(zip(resultat.referentiel["regle"], resultat.referentiel["statut"], strict=True)).get(line.regle, "")
    return Article(
        numero=numero,
        regle=line.regle,
        texte=line.libelle,
        caractere=characters[line.caractere],
        responsable=line.responsable,
        associes=line.associes,
        preuve=line.preuve,
        critere=line.critere,
        usages=_uses(line.cas, resultat),
        fondements=tuple(
            f"{known[name].citation} ({application(known[name].date, today)})" for name in line.bases.split()
        ),
        exigible=long_date(line.echeance) if line.echeance else "",
        note=regle.note,
        situation=contexte.codes.get(status, "") if resultat.referentiel_existe else "",
    )


def _uses(cell: str, resultat: ResultatRisquesEthique) -> str:
    names = dict(zip(resultat.cas["cas"], resultat.cas["libelle"], strict=True))
    return enumerate_words([names.get(case, case) for case in cell.split()]) or "toute la structure"


def _cases_table(resultat: ResultatRisquesEthique, contexte: Contexte, stopped: bool) -> Table:
    """Uses in scope, or those that the law prohibits or the structure has set aside."""
    off = resultat.cas["interdit"] | resultat.cas["statut"].eq("ecarte")
    marks = {trigger.id: trigger.libelle for trigger in contexte.referentiels.regles.declencheurs}
    columns = [
        Column("libelle", "Usage"),
        Column("statut", render=lambda value: contexte.codes.get(str(value), str(value))),
        Column("statut_dgafp", render=lambda value: contexte.codes.get(str(value), str(value))),
        Column("marques", "Caractéristiques", lambda value: "\n".join(marks.get(m, m) for m in str(value).split())),
    ]
    if stopped:
        columns[3:] = [Column("interdit", "Interdit par le droit"), Column("avertissement")]
    caption = (
        "Usages interdits ou écartés" if stopped else "Usages de l'intelligence artificielle entrant dans le champ"
    )
    return table(resultat.cas[off if stopped else ~off], columns, caption, contexte.labels)


def _owners_table(articles: Sequence[Article]) -> Table:
    owners: dict[str, list[str]] = {}
    for article in articles:
        owners.setdefault(article.responsable, []).append(str(article.numero))
    rows = tuple(
        (capitalize(owner), str(len(numbers)), ", ".join(numbers))
        for owner, numbers in sorted(owners.items(), key=lambda item: (-len(item[1]), item[0]))
    )
    headers = ("Responsable", "Nombre d'articles", "Articles")
    return Table("Qui répond de chaque article", headers, rows, (False, True, False), (False, False, True))


def _due_table(rules: pd.DataFrame, numbers: Mapping[str, int], contexte: Contexte) -> Table:
    due = rules[rules["echeance"].ne("")].sort_values(["echeance", "regle"], kind="stable")
    rows = tuple(
        (long_date(line.echeance), f"Article {numbers[line.regle]} ({line.regle})", line.libelle, line.responsable)
        for line in lines(due)
    )
    today = long_date(contexte.campagne.date_reference)
    return Table(
        f"Règles qui deviendront exigibles après le {today}",
        ("Exigible le", "Article", "Règle", "Responsable"),
        rows,
        (False,) * 4,
        (False, False, True, False),
    )


def _comparison_table(resultat: ResultatRisquesEthique, numbers: Mapping[str, int], contexte: Contexte) -> Table:
    rows = tuple(
        (
            f"Article {numbers[line.regle]} ({line.regle})" if line.regle in numbers else line.regle,
            line.libelle,
            contexte.codes.get(line.repris, line.repris),
            contexte.codes.get(line.statut, line.statut),
        )
        for line in lines(resultat.referentiel)
    )
    headers = ("Article", "Règle", "Reprise dans le texte en vigueur", "Situation")
    return Table("Comparaison avec le référentiel en vigueur", headers, rows, (False,) * 4, (False, True, False, False))


def _crosswalk(
    rules: pd.DataFrame,
    resultat: ResultatRisquesEthique,
    known: Mapping[str, Reference],
    contexte: Contexte,
    numbers: Mapping[str, int],
) -> Table:
    """Risk → articles that reduce it → law behind them, the risks rated in the structure first."""
    levels = resultat.risques.dropna(subset=["niveau_retenu"]).groupby("risque")["niveau_retenu"].max().to_dict()
    names: dict[int, str] = {entry.niveau: entry.libelle for entry in contexte.referentiels.methode.niveaux}
    linked: dict[str, list[Any]] = {}
    for line in lines(rules.sort_values("regle")):
        for risque in line.risques.split():
            linked.setdefault(risque, []).append(line)
    rows = []
    for risque in sorted(contexte.referentiels.risques.risques, key=lambda item: (-levels.get(item.id, 0), item.id)):
        if risque.id not in linked:
            continue
        bases = dict.fromkeys(name for line in linked[risque.id] for name in line.bases.split())
        rows.append(
            (
                f"{risque.id} {risque.libelle}",
                capitalize(names[int(levels[risque.id])]) if risque.id in levels else "Non coté",
                ", ".join(f"{numbers[line.regle]} ({line.regle})" for line in linked[risque.id]),
                ", ".join(f"{name}{UNREAD if known[name].marque else ''}" for name in bases),
            )
        )
    headers = ("Risque", "Niveau dans la structure", "Articles", "Bases juridiques")
    title = "Du risque à la règle, de la règle à sa base"
    return Table(title, headers, tuple(rows), (False,) * 4, (False,) * 4, (UNREAD_NOTE,))


def _bases_table(resultat: ResultatRisquesEthique, contexte: Contexte) -> Table:
    today = contexte.campagne.date_reference
    rows = tuple(
        (
            line.base,
            f"{line.texte}{', ' if line.article else ''}{line.article}",
            line.obligation,
            f"{capitalize(application(line.date, today))}\n{contexte.codes.get(line.force, line.force)}\n"
            f"{contexte.codes.get(line.confiance, line.confiance)}",
        )
        for line in lines(resultat.bases)
    )
    headers = ("Base", "Texte", "Ce qu'elle impose ou permet", "Application, force et vérification")
    return Table("Bases juridiques et déontologiques", headers, rows, (False,) * 4, (False, False, True, False))


def _unread(resultat: ResultatRisquesEthique, contexte: Contexte, numbers: Mapping[str, int]) -> Table:
    """What must be read in the text itself before signature."""
    unread = resultat.bases[resultat.bases["confiance"].ne(TEXTE)]
    rows = tuple(
        (
            line.base,
            f"{line.texte}{', ' if line.article else ''}{line.article}",
            contexte.codes.get(line.confiance, line.confiance),
            ", ".join(str(numbers[regle]) for regle in line.regles.split() if regle in numbers),
        )
        for line in lines(unread)
    )
    headers = ("Base", "Texte", "État de la vérification", "Articles concernés")
    return Table("Bases à vérifier sur le texte avant signature", headers, rows, (False,) * 4, (False,) * 4)


def _calendar(resultat: ResultatRisquesEthique, contexte: Contexte) -> Table:
    """Dates to come, in order."""
    today = contexte.campagne.date_reference.isoformat()
    coming = resultat.calendrier[resultat.calendrier["date"] > today]
    rows = tuple(
        (
            long_date(line.date),
            line.base,
            f"{line.texte}{', ' if line.article else ''}{line.article}",
            line.portee,
            contexte.codes.get(line.confiance, line.confiance),
        )
        for line in lines(coming)
    )
    headers = ("Date", "Base", "Texte", "Portée", "Vérification de la date")
    return Table("Textes qui entreront en application", headers, rows, (False,) * 5, (False,) * 5)


def _sheets(rules: pd.DataFrame, resultat: ResultatRisquesEthique) -> list[Feuille]:
    return [
        Feuille(
            "Règles",
            rules,
            [
                Champ("regle", "N°"),
                Champ("libelle", "Règle"),
                "caractere",
                "moment",
                "classe",
                "responsable",
                "associes",
                "preuve",
                "critere",
                "applicable_aujourdhui",
                "echeance",
                "prouvee",
                "preuve_fournie",
                "risques",
                "bases",
                "cas",
            ],
            "une ligne par règle applicable à la structure",
        ),
        Feuille(
            "Bases",
            resultat.bases,
            ["base", "texte", "article", "obligation", "date", "force", "confiance", "url", "regles"],
            "les bases juridiques et déontologiques citées, avec leur date et leur état de vérification",
        ),
        Feuille(
            "Calendrier",
            resultat.calendrier,
            ["date", "base", "texte", "article", "portee", "confiance", "applicable"],
            "les dates d'entrée en application",
        ),
    ]


def _roman(number: int) -> str:
    """Number of a title of an act, up to XX."""
    tens, units = divmod(number, 10)
    digits = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    return "X" * tens + digits[units]
