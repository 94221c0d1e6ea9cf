"""Personal links to the forms: made, listed, withdrawn.

Plain functions, for the command, the cockpit and the tests; what a link opens is checked in liens.py.
"""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from ..atomic import write_bytes
from ..collecte import MinistereCharge, Store, open_store
from ..collecte.invitations import (
    Invitation,
    read_invitations,
    record_invitations,
    withdraw_invitations,
)
from ..errors import Anomalie, ParametreInvalide
from ..paths import output_dir
from ..tabular import closest, inert, listing
from .cle import read_key
from .demande import AGENT, Demande, genre_of, list_people, may_open
from .liens import PREFIXE, sign

ADRESSE = "http://localhost:8866"
LIENS = {
    **dict.fromkeys(
        ("numero", "structure", "nom_structure", "role", "nom_role", "repondant", "nom", "fonction"), "str"
    ),
    **dict.fromkeys(("etapes", "formulaires", "expire_le", "retiree_le", "lien"), "str"),
}
"""Columns of `list_links`: those of a mail merge. `lien` is "" once a link is withdrawn or past its day."""
_NUMERO = 12


def invite(
    charge: MinistereCharge,
    structures: Sequence[str] | None = None,
    etapes: Sequence[str] | None = None,
    roles: Sequence[str] | None = None,
    campagne: str = "",
    jusqu_au: date | None = None,
) -> list[Invitation]:
    """One link a person and structure, for every form that is for them; one that still holds is given again.

    Anonymous forms have a link a structure, the same for everyone. Raises Introuvable or ParametreInvalide, and then
    nothing is recorded.
    """
    round_ = charge.campagne(campagne or None)
    expire_le = _expiry(charge, round_.cloture, jusqu_au)
    wanted = _known(etapes, list(dict.fromkeys(one.etape for one in charge.referentiels.formulaires.formulaires)))
    _known(roles, [*charge.mesures.roles, AGENT], "role")
    store = open_store(charge)
    live = {_content(one): one for one in live_invitations(store, round_.id)}
    made, given = [], []
    for structure in structures or charge.structures:
        charge.structure(structure)
        for role, repondant, forms in _people(charge, structure, round_.id, wanted):
            if roles and role not in roles:
                continue
            fresh = Invitation(_number(), round_.id, structure, role, repondant, forms, expire_le)
            known = live.get(_content(fresh))
            if known is None:
                made.append(fresh)
            given.append(known or fresh)
    record_invitations(store, made)
    return given


def withdraw(charge: MinistereCharge, numeros: Sequence[str]) -> list[str]:
    """Withdraw links. Raises ParametreInvalide when a number is not that of a link that still holds: none is then."""
    store = open_store(charge)
    known = [one.numero for one in live_invitations(store, "")]
    _known(numeros, known, "numero")
    return withdraw_invitations(store, numeros)


def list_links(charge: MinistereCharge, campagne: str = "", adresse: str = ADRESSE) -> pd.DataFrame:
    """Every link of the campagne with the person's name and what it opens: LIENS."""
    round_ = charge.campagne(campagne or None)
    frame = read_invitations(open_store(charge), round_.id)
    key = read_key(charge.chemin)
    rows = [_line(charge, _from_row(row), row["retiree_le"], key, adresse) for row in frame.to_dict("records")]
    return pd.DataFrame(rows, columns=list(LIENS)).astype(LIENS)


def link_of(charge: MinistereCharge, invitation: Invitation, adresse: str = ADRESSE, key: str = "") -> str:
    """The address to send. Whoever has it is that person, as far as the forms know."""
    token = sign(charge.ministere.id, invitation, key or read_key(charge.chemin))
    return f"{adresse.rstrip('/')}{PREFIXE}{token}"


def refuse_shared(path: Path) -> None:
    """Raises ParametreInvalide for a file under the results: to be asked before any link is made."""
    if path.resolve().is_relative_to(output_dir()):
        que_faire = "choisissez un dossier qui n'est pas partagé"
        attendu = "un fichier hors du dossier des résultats, qui se partage et se publie"
        raise ParametreInvalide(
            [Anomalie("ce fichier de liens serait lisible", "--sortie", str(path), attendu, que_faire)]
        )


def write_mailing(liens: pd.DataFrame, path: Path) -> None:
    """Links as a CSV for a mail merge, that its owner alone may read. Raises ParametreInvalide under the results."""
    refuse_shared(path)
    stream = io.StringIO()
    liens.map(lambda text: inert(str(text))).to_csv(
        stream, sep=";", index=False, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL
    )
    write_bytes(path, stream.getvalue().encode("utf-8-sig"), mode=0o600)


def _known(names: Iterable[str] | None, known: Sequence[str], ou: str = "etape") -> tuple[str, ...]:
    """The names asked for, all of them when none is. Raises ParametreInvalide on one that does not exist."""
    wanted = tuple(names or known)
    for name in wanted:
        if name not in known:
            proche = closest(name, known)
            que_faire = f"vouliez-vous dire « {proche} » ?" if proche else "choisissez dans cette liste"
            raise ParametreInvalide([Anomalie("ce nom est inconnu ici", ou, name, listing(known), que_faire)])
    return wanted


def _people(
    charge: MinistereCharge, structure: str, campagne: str, etapes: Sequence[str]
) -> list[tuple[str, str, tuple[str, ...]]]:
    """(role, id, forms) of everyone to invite in a structure. What is anonymous stays apart: one link each."""
    forms: dict[tuple[str, str], list[str]] = {}
    anonymous = []
    for etape in etapes:
        for role, repondant, _ in list_people(Demande(str(charge.chemin), structure, etape, campagne=campagne), charge):
            if repondant:
                forms.setdefault((role, repondant), []).append(etape)
            else:
                anonymous.append((role, "", (etape,)))
    return [*((role, repondant, tuple(names)) for (role, repondant), names in forms.items()), *anonymous]


def live_invitations(store: Store, campagne: str = "") -> list[Invitation]:
    """Links of a campagne, of all of them when none is named, that still open something, oldest first."""
    rows = read_invitations(store, campagne).to_dict("records")
    return [one for row in rows if not row["retiree_le"] and not (one := _from_row(row)).expiree]


def _content(invitation: Invitation) -> Invitation:
    """What makes two links the same: all but the number and the day."""
    return replace(invitation, numero="", expire_le="")


def _from_row(row: Mapping[Any, Any]) -> Invitation:
    names = ("numero", "campagne", "structure", "role", "repondant", "expire_le")
    return Invitation(**{name: row[name] for name in names}, etapes=tuple(row["etapes"].split(",")))


def _number() -> str:
    return secrets.token_hex(_NUMERO)


def _expiry(charge: MinistereCharge, cloture: date | None, jusqu_au: date | None) -> str:
    """The end of the last day: the one asked for, else the closing day, else so many days from now."""
    today = datetime.now(UTC).date()
    jours = charge.referentiels.formulaires.limites.invitation_jours
    last = jusqu_au or (cloture if cloture and cloture >= today else today + timedelta(days=jours))
    if last < today:
        anomalie = Anomalie("ce jour est passé", "--jusqu-au", last.isoformat(), "un jour à venir", "changez de jour")
        raise ParametreInvalide([anomalie])
    return datetime.combine(last + timedelta(days=1), time(), UTC).isoformat(timespec="seconds")


def _line(charge: MinistereCharge, one: Invitation, retiree_le: str, key: str, adresse: str) -> dict[str, str]:
    people = charge.repondants[
        (charge.repondants["structure"] == one.structure) & (charge.repondants["id"] == one.repondant)
    ]
    nom, fonction = next(iter(people[["nom", "fonction"]].itertuples(index=False, name=None)), ("", ""))
    roles = {role.id: role.libelle for role in charge.referentiels.maturite.roles}
    demande = Demande(str(charge.chemin), one.structure, "", one.role, one.repondant, one.campagne)
    forms = [
        charge.referentiels.formulaires.formulaire(genre_of(asked, charge)).titre
        for etape in one.etapes
        if may_open(asked := replace(demande, etape=etape), charge)
    ]
    structure = charge.structures.get(one.structure)
    live = not retiree_le and not one.expiree
    return {
        "numero": one.numero,
        "structure": one.structure,
        "nom_structure": structure.nom if structure else "",
        "role": one.role,
        "nom_role": roles.get(one.role, one.role),
        "repondant": one.repondant,
        "nom": nom,
        "fonction": fonction,
        "etapes": ",".join(one.etapes),
        "formulaires": ", ".join(forms),
        "expire_le": one.expire_le,
        "retiree_le": retiree_le,
        "lien": link_of(charge, one, adresse, key) if live else "",
    }
