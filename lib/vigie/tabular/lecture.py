"""From a file on disk to a Tableau: what may be read, where its header stands, whether its cells are sound."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from ..errors import Anomalie
from .cellules import clean, damage, fold
from .classeur import read_sheet
from .csv_texte import read_csv
from .limites import MEGA, Limites
from .tableau import Ligne, Tableau, letters, place

CLASSEURS = (".xlsx", ".xlsm")
TEXTES = (".csv", ".tsv", ".txt")
_ARCHIVE = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTETE_PARMI = 30
"""A title may stand above the header: it is looked for among this many rows."""

Rangees = tuple[tuple[int, tuple[str, ...]], ...]


def read_table(
    path: Path,
    *,
    nom: str = "",
    feuille: str = "",
    reperes: Collection[str] = (),
    limites: Limites | None = None,
    vide_admis: bool = False,
) -> Tableau:
    """Reads a CSV (`;`, `,` or tab; UTF-8, CP1252, UTF-16) or one sheet of an XLSX. Never raises for its content.

    `nom`: the name shown to people. `feuille`: the sheet wanted, else the only visible one. `reperes`: columns that
    tell the header, when a title may stand above it. `vide_admis`: a header without rows is no fault.
    """
    limites = limites or Limites.from_environment()
    fichier = nom or path.name
    refus = _refuse_file(path, fichier, limites)
    if refus:
        return Tableau(fichier, anomalies=(refus,))
    if path.suffix.lower() in CLASSEURS:
        sheet = read_sheet(path, fichier, feuille, limites)
        tableau = Tableau(fichier, sheet.nom, anomalies=sheet.anomalies)
        rows, guessed, fusions = sheet.lignes, False, sheet.fusions
    else:
        raw = read_csv(path.read_bytes(), fichier, reperes, limites)
        tableau = Tableau(fichier, anomalies=raw.anomalies)
        rows, guessed, fusions = raw.lignes, raw.devine, ()
    if not rows:
        return tableau if tableau.anomalies else tableau.with_anomalies([_empty(fichier)])
    tableau = _with_header(tableau, rows, reperes, limites)
    tableau = tableau.with_anomalies(_merged(tableau, fusions))
    tableau = _with_rows(tableau, rows, guessed, limites)
    if not tableau.lignes and not vide_admis and not tableau.anomalies:
        return tableau.with_anomalies([_empty(fichier, "aucune ligne sous l'en-tête")])
    return tableau


def _refuse_file(path: Path, fichier: str, limites: Limites) -> Anomalie | None:
    """What can be refused from the size and the first bytes, before the file is loaded."""
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            start = stream.read(8)
    except OSError as error:
        absent = isinstance(error, FileNotFoundError)
        quoi = "le fichier n'existe pas" if absent else f"le fichier ne peut pas être lu ({error.strerror})"
        return Anomalie(quoi, fichier, que_faire="vérifiez son nom et son dossier" if absent else "vérifiez ses droits")
    if size > limites.octets:
        return Anomalie(
            "le fichier est trop gros",
            fichier,
            f"{size / MEGA:.0f} Mo",
            f"au plus {limites.octets // MEGA} Mo",
            "vérifiez que c'est le bon fichier, ou partagez-le en plusieurs",
        )
    if size == 0:
        return _empty(fichier)
    return _refuse_kind(path.suffix.lower(), start, fichier)


def _refuse_kind(suffix: str, start: bytes, fichier: str) -> Anomalie | None:
    a_faire = "enregistrez-le au format « Classeur Excel (.xlsx) » ou « CSV UTF-8 »"
    if start.startswith(_OLE):
        quoi = "classeur d'un ancien format (.xls), ou protégé par un mot de passe"
        return Anomalie(quoi, fichier, "", "un classeur XLSX sans mot de passe, ou un CSV", a_faire)
    if suffix in TEXTES and start.startswith(_ARCHIVE):
        quoi = "ce fichier porte le nom d'un CSV mais c'est un classeur"
        return Anomalie(quoi, fichier, suffix, "un CSV", "renommez-le en .xlsx, ou enregistrez-le au format CSV")
    if suffix in CLASSEURS and not start.startswith(_ARCHIVE):
        quoi = "ce fichier porte le nom d'un classeur mais n'en est pas un"
        return Anomalie(
            quoi, fichier, suffix, "un classeur XLSX", f"si c'est un CSV, renommez-le en .csv ; sinon {a_faire}"
        )
    if suffix not in CLASSEURS + TEXTES:
        return Anomalie("ce genre de fichier n'est pas lu", fichier, suffix, "un fichier .csv ou .xlsx", a_faire)
    return None


def _empty(fichier: str, quoi: str = "le fichier est vide") -> Anomalie:
    return Anomalie(
        quoi, fichier, "", "une ligne d'en-tête puis une ligne par réponse ou par fiche", "vérifiez son contenu"
    )


def _with_header(tableau: Tableau, rows: Rangees, reperes: Collection[str], limites: Limites) -> Tableau:
    """Columns of the first row that holds every `reperes`, else of the first row."""
    wanted = {fold(name) for name in reperes}
    numero, header = next(
        ((numero, row) for numero, row in rows[:_ENTETE_PARMI] if wanted and wanted <= {fold(cell) for cell in row}),
        rows[0],
    )
    columns = [" ".join(clean(cell).split()) for cell in header]
    while columns and not columns[-1]:
        columns.pop()
    tableau = replace(
        tableau,
        colonnes=tuple(columns[: limites.colonnes]),
        lettres=tuple(letters(position) for position in range(len(columns[: limites.colonnes]))),
        ligne_entete=numero,
    )
    if len(columns) <= limites.colonnes:
        return tableau
    trop = Anomalie(
        "le tableau a trop de colonnes",
        tableau.ou(numero),
        str(len(columns)),
        f"au plus {limites.colonnes} colonnes",
        "retirez les colonnes inutiles",
    )
    return tableau.with_anomalies([trop])


def _merged(tableau: Tableau, fusions: Iterable[tuple[str, int]]) -> list[Anomalie]:
    """A title may be merged above the header; below it, nobody can tell which rows a merged value is for."""
    return [
        Anomalie(
            "des cellules sont fusionnées",
            f"{tableau.ou()}, cellules {plage}",
            "",
            "une valeur dans chaque cellule",
            "annulez la fusion et recopiez la valeur dans chaque cellule",
        )
        for plage, derniere in fusions
        if derniere >= tableau.ligne_entete
    ]


def _with_rows(tableau: Tableau, rows: Rangees, guessed: bool, limites: Limites) -> Tableau:
    """Rows under the header, cleaned. Short rows are whole: Excel leaves out the last separators of a CSV."""
    width = len(tableau.colonnes)
    places: dict[str, int] = {}
    for position, name in enumerate(tableau.colonnes):
        places.setdefault(name, position)
    unnamed = {position for position, name in enumerate(tableau.colonnes) if not name}
    lignes: list[Ligne] = []
    anomalies = list(_damaged_header(tableau, guessed))
    for numero, row in rows:
        if numero <= tableau.ligne_entete:
            continue
        cells = tuple(clean(cell) for cell in row)
        if not any(cells):
            continue
        for position, text in enumerate(cells):
            if text and (position >= width or position in unnamed):
                anomalies.append(_outside(tableau, numero, position, text))
            elif not (text.isascii() and text.isprintable() and len(text) <= limites.caracteres):
                anomalies += _damaged(tableau, numero, position, text, damage(text, guessed))
                anomalies += _damaged(tableau, numero, position, text, _too_long(text, limites))
        lignes.append(Ligne(numero, cells[:width], places))
    return replace(tableau, lignes=tuple(lignes)).with_anomalies(anomalies)


def _damaged_header(tableau: Tableau, guessed: bool) -> Iterator[Anomalie]:
    for position, name in enumerate(tableau.colonnes):
        yield from _damaged(tableau, tableau.ligne_entete, position, name, damage(name, guessed))


def _damaged(tableau: Tableau, numero: int, position: int, text: str, fault: tuple[str, str]) -> Iterator[Anomalie]:
    quoi, que_faire = fault
    if quoi:
        start = text[:60]
        shown = start if start.isprintable() else start.encode("unicode_escape").decode()
        yield Anomalie(quoi, tableau.ou(numero, tableau.colonnes[position]), shown, "un texte lisible", que_faire)


def _too_long(text: str, limites: Limites) -> tuple[str, str]:
    if len(text) <= limites.caracteres:
        return "", ""
    return f"la cellule a {len(text)} caractères, au plus {limites.caracteres} sont lus", "raccourcissez le texte"


def _outside(tableau: Tableau, numero: int, position: int, text: str) -> Anomalie:
    return Anomalie(
        "une valeur se trouve dans une colonne sans nom",
        place(tableau.fichier, tableau.feuille, numero, "", letters(position)),
        text[:60],
        f"{len(tableau.colonnes)} cellules, comme dans l'en-tête",
        "nommez la colonne, ou entourez de guillemets droits le texte qui contient le séparateur",
    )
