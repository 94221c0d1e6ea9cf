"""Exports of survey tools (LimeSurvey, ODK Central, KoboToolbox), turned into a file of one row a respondent.

Each tool writes our questions under names of its own rules:

- LimeSurvey allows letters and digits only: `D1x1`, its comment `D1x1[comment]`, its evidence `D1x1t[preuve]`;
- an XLSForm wants XML names: `D1_1`, `D1_1_preuve`. Exports put the groups before, as `D1-D1_1` (ODK Central),
  `D1/D1_1` (KoboToolbox) or `D1:D1_1` (Aggregate).

They add columns about the submission. Those listed here are left out, any other unknown column stays a fault: nothing
is dropped because its name is unknown. The hour of a submission never goes with an anonymous answer.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ..errors import Anomalie
from ..tabular import Ligne, Tableau, fold
from .mesures import Mesures

COMPLEMENTS = ("commentaire", "preuve", "indicateur")
NOTE, QUI, TEXTES = "note_", "qui", "t"
"""What our own surveys add: texts to read, who answers (before LimeSurvey's equation), sub-questions of texts."""
_COMMENTAIRES = ("comment", "commentaire")

_LIMESURVEY = """
    id submitdate lastpage startlanguage seed startdate datestamp ipaddr refurl token firstname lastname email
    emailstatus participant_id interviewtime"""
_ODK = """
    KEY SubmissionDate SubmitterID SubmitterName AttachmentsPresent AttachmentsExpected Status ReviewState DeviceID
    Edits FormVersion instanceID instanceName rootUuid deprecatedID start end today deviceid username email phonenumber
    simserial subscriberid audit isValidated PARENT_KEY"""
_KOBO = """
    _id _uuid uuid _submission_time _validation_status _notes _status _submitted_by __version__ _version_ _tags _index
    _geolocation _attachments _xform_id_string"""
_DE_LA_REMISE = frozenset(map(fold, f"{_LIMESURVEY} {_ODK} {_KOBO}".split()))
_PAR_QUESTION = re.compile(
    r"grouptime\d+|(?:structure|repondant|role|etape|mesure|version|qui|[a-z]\d\w*)time|attribute_\d+"
)
_RECONNUES = tuple(
    frozenset(map(fold, names))
    for names in (("submitdate", "startlanguage"), ("KEY", "SubmissionDate"), ("_uuid", "_id"), ("_uuid", "_index"))
)
"""Columns that tell an export from a table that someone made."""
_DATES = ("submitdate", "submissiondate", "_submission_time", "today")
_SANS_DATE = "1980-01-01"
"""What LimeSurvey writes when it was told to keep no date."""
_IDENTITES = (("_uuid",), ("key",), ("instanceid",), ("id", "seed"))
"""Columns that name one submission, whatever else is in the file."""
_VIDES = frozenset({"n/a", "{question not shown}"})
_LIBELLE = re.compile(r"(\d+)\. \D.*", re.DOTALL)
"""A level exported with its label: « 3. Structuré : … »."""


def xml_name(id_: str) -> str:
    """The XML name of an id: D1_1, MET01_T1."""
    return re.sub(r"[^A-Za-z0-9]", "_", id_)


def survey_code(id_: str) -> str:
    """The LimeSurvey code of an id: D1x1, MET01xT1."""
    return re.sub(r"[^A-Za-z0-9]", "x", id_)


def is_export(colonnes: Iterable[str]) -> bool:
    """True for a table that a survey tool wrote."""
    names = {fold(_last(name)) for name in colonnes}
    return any(signs <= names for signs in _RECONNUES)


def read_export(tableau: Tableau, mesures: Mesures) -> Tableau:
    """The table under the columns of a file of one row a respondent; unchanged when no tool wrote it.

    Columns of the tool lose their name, which leaves them out.
    """
    ours = _names(mesures)
    if not is_export(tableau.colonnes):
        colonnes = tuple(ours.get(fold(name), name) for name in tableau.colonnes)
        return replace(tableau, colonnes=colonnes)
    colonnes = tuple(_column(name, ours) for name in tableau.colonnes)
    dates = [place for name in _DATES for place, one in enumerate(tableau.colonnes) if fold(_last(one)) == name]
    if "date" not in colonnes and dates:
        colonnes = (*colonnes[: dates[0]], "date", *colonnes[dates[0] + 1 :])
    lignes = tuple(_row(ligne, colonnes, mesures, ours) for ligne in tableau.lignes)
    return replace(tableau, colonnes=colonnes, lignes=lignes).with_anomalies(_unfinished(tableau, colonnes, mesures))


def submission(tableau: Tableau, ligne: Ligne) -> str:
    """What tells one submission from another, hashed. `tableau`: as received. "" unless a survey tool wrote it."""
    if not is_export(tableau.colonnes):
        return ""
    cells = {fold(_last(name)): cell for name, cell in zip(tableau.colonnes, ligne.cellules, strict=False) if cell}
    named = next(
        ([cells[name] for name in names] for names in _IDENTITES if all(name in cells for name in names)), None
    )
    whole = named or [f"{name}={cell}" for name, cell in sorted(cells.items())]
    return hashlib.sha256("\0".join(whole).encode()).hexdigest()


def _unfinished(tableau: Tableau, colonnes: tuple[str, ...], mesures: Mesures) -> Iterator[Anomalie]:
    """Anonymous answers that were not sent: once recorded, nothing could tell that the rest belongs with them."""
    for ligne in tableau if "submitdate" in map(fold, tableau.colonnes) else ():
        cells = dict(zip(colonnes, ligne.cellules, strict=False))
        mesure = mesures.of(cells.get("etape", ""), cells.get("mesure", ""))
        if mesure and mesure.anonyme and not ligne["submitdate"]:
            que_faire = "exportez de nouveau, en ne demandant que les réponses complètes"
            yield Anomalie(
                "cette réponse anonyme n'est pas terminée", tableau.ou(ligne), "", "une date d'envoi", que_faire
            )


def _names(mesures: Mesures) -> Mapping[str, str]:
    """Folded name of a tool → our column. Ids are frozen, and a test checks that no two of them share a name."""
    cibles = dict.fromkeys(cible for mesure in mesures for cible in mesure.cibles)
    names: dict[str, str] = {}
    for cible in cibles:
        xml, code = xml_name(cible), survey_code(cible)
        names |= {fold(xml): cible, fold(code): cible}
        for complement in COMPLEMENTS:
            ours = f"{cible}_{complement}"
            names |= {fold(f"{xml}_{complement}"): ours, fold(f"{code}{TEXTES}[{complement}]"): ours}
        names |= {fold(f"{code}[{comment}]"): f"{cible}_commentaire" for comment in _COMMENTAIRES}
        names[fold(cible)] = cible
    return names


def _last(name: str) -> str:
    """The name of a question without its groups."""
    if re.match(r"\W|_", name):
        return name
    return re.split(r"[/:-]", name)[-1] or name


def _column(name: str, ours: Mapping[str, str]) -> str:
    last = fold(_last(name))
    if last in ours:
        return ours[last]
    ecartee = last in _DE_LA_REMISE or last == QUI or last.startswith(NOTE) or _PAR_QUESTION.fullmatch(last)
    return "" if ecartee else _last(name)


def _row(ligne: Ligne, colonnes: tuple[str, ...], mesures: Mesures, ours: Mapping[str, str]) -> Ligne:
    cells = list(ligne.cellules)
    where = {name: place for place, name in enumerate(colonnes) if name and place < len(cells)}
    cibles = set(ours.values())
    for name, place in where.items():
        if name in cibles:
            cells[place] = _value(cells[place], name.endswith(COMPLEMENTS))
    if "date" in where:
        mesure = mesures.of(*(cells[where[name]] if name in where else "" for name in ("etape", "mesure")))
        anonyme = mesure.anonyme if mesure else not ("repondant" in where and cells[where["repondant"]])
        if anonyme or cells[where["date"]].startswith(_SANS_DATE):
            cells[where["date"]] = ""
    return replace(ligne, cellules=tuple(cells))


def _value(text: str, complement: bool) -> str:
    """A code from its label; nothing from what the tool writes for a question that was not asked."""
    if text.casefold() in _VIDES:
        return ""
    found = None if complement else _LIBELLE.fullmatch(text)
    return found.group(1) if found else text
