"""What several documents show the same way: actions, findings, reasons, rules of calculation, versions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import pandas as pd

from ....diagnostics.resultat import Constat, Recommandation, Resultat
from ....referentiels import Referentiels
from ...formats import capitalize, enumerate_words, long_date
from ...tables import Column, Table, table
from ..classeurs import Champ, Feuille
from ..contexte import Contexte

ALERTE, ATTENTION, INFORMATION = "alerte", "attention", "information"
Line = Callable[[object], str]


def plain_table(
    caption: str, headers: Sequence[str], rows: Iterable[Sequence[str]], numeric: Sequence[int] = ()
) -> Table:
    """A table of texts; `numeric`: columns aligned to the right."""
    size = len(headers)
    aligned = tuple(index in numeric for index in range(size))
    return Table(caption, tuple(headers), tuple(tuple(row) for row in rows), aligned, (False,) * size)


def pilots(referentiels: Referentiels) -> dict[str, str]:
    """Role id → label."""
    return {role.id: role.libelle for role in referentiels.maturite.roles}


def labelled(code: str, labels: Mapping[str, str]) -> str:
    return labels.get(code, code)


def coded(contexte: Contexte) -> Line:
    """A formatter that writes the label of a code; no value stays for the table to say."""
    return lambda value: contexte.codes.get(str(value), str(value))


def texts(constats: Iterable[Constat], gravites: Sequence[str] = (), codes: Sequence[str] = ()) -> list[str]:
    """Sentences of the findings of these gravities, or whose code starts with one of these."""
    return [
        constat.texte
        for constat in constats
        if (not gravites or constat.gravite in gravites) and (not codes or constat.code.startswith(tuple(codes)))
    ]


def actions_table(lines: Sequence[Recommandation], contexte: Contexte, caption: str) -> Table:
    """What to do, who pilots, what proves it, before when."""
    known = pilots(contexte.referentiels)
    rows = [
        (
            str(line.rang),
            capitalize(line.action),
            labelled(line.pilote, known),
            f"{line.livrable}\nPreuve : {line.preuve[:1].lower()}{line.preuve[1:]}" if line.preuve else line.livrable,
            long_date(line.echeance) if line.echeance else "",
        )
        for line in lines
    ]
    return plain_table(caption, ("Rang", "Action", "Pilote", "Livrable et preuve", "Échéance"), rows)


def reasons_table(lines: Sequence[Recommandation], caption: str = "Pourquoi chaque action") -> Table:
    """The sentence behind each action, and the ids that lead to it."""
    rows = [(str(line.rang), line.pourquoi.explication, _chain(line)) for line in lines]
    return plain_table(caption, ("Rang", "Pourquoi", "Chaîne"), rows)


def actions_sheet(lines: Sequence[Recommandation], contexte: Contexte) -> Feuille:
    known = pilots(contexte.referentiels)
    frame = pd.DataFrame(
        [
            {
                "rang": line.rang,
                "action": line.action,
                "pilote": labelled(line.pilote, known),
                "livrable": line.livrable,
                "preuve": line.preuve,
                "echeance": line.echeance.isoformat() if line.echeance else "",
                "pourquoi": line.pourquoi.explication,
                "chaine": _chain(line).replace("\n", " ; "),
            }
            for line in lines
        ],
        columns=["rang", "action", "pilote", "livrable", "preuve", "echeance", "pourquoi", "chaine"],
    )
    champs: list[Champ | str] = [
        "rang",
        Champ("action", "Action", "texte"),
        Champ("pilote", "Pilote", "texte"),
        Champ("livrable", "", "texte"),
        Champ("preuve", "", "texte"),
        Champ("echeance", "", "date"),
        Champ("pourquoi", "Pourquoi", "texte"),
        Champ("chaine", "Chaîne", "texte"),
    ]
    return Feuille("Actions", frame, champs, "les actions dans leur ordre, avec la raison de chacune")


def rules_table(pairs: Sequence[tuple[str, str]], caption: str) -> Table:
    """Thresholds and weights with their values."""
    return plain_table(caption, ("Règle de calcul", "Valeur"), pairs)


def contents_table(resultat: Resultat, contexte: Contexte) -> Table:
    """Referentiels used: version, and who should validate them."""
    values = {name: value for name, value in vars(contexte.referentiels).items() if hasattr(value, "statut")}
    rows = [(capitalize(name.replace("_", " ")), value.version, value.statut) for name, value in values.items()]
    return plain_table("Contenus employés et leur état de validation", ("Référentiel", "Version", "État"), rows)


def frame_table(frame: pd.DataFrame, columns: Sequence[Column | str], caption: str, contexte: Contexte) -> Table:
    return table(frame, columns, caption, contexte.labels)


def _chain(line: Recommandation) -> str:
    why = line.pourquoi
    parts = (
        ("Réponses", [f"{len(why.reponses)}"] if why.reponses else []),
        ("Items", why.items),
        ("Compétences", why.competences),
        ("Risques", why.risques),
        ("Règles", why.regles),
        ("Bases", why.bases),
        ("Modules", why.modules),
        ("Fiche", why.fiche),
    )
    return "\n".join(f"{label} : {enumerate_words(list(ids))}" for label, ids in parts if ids)
