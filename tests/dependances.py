"""What the house is made of, and what can be said of it without a network.

    python -m tests.dependances sbom SORTIE          the lock as CycloneDX JSON: same lock, same environment, same bytes
    python -m tests.dependances audit [--avis DIR]   lock against environment, files against their hashes, licences;
                                                     advisories in a local copy of an OSV base (a file each)

A network is needed for what is published today: `make audit-en-ligne` asks pip-audit. Without it nothing is claimed.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

import yaml
from packaging.markers import Marker
from packaging.version import InvalidVersion, Version

from tests.environnement import RACINE, canonical, declared, locked

VERROU = RACINE / "requirements.lock"
LICENCES = RACINE / "tests" / "licences.yaml"
MAISON = {"vigie-rh", "pip"}
"""Installed without being locked: the house itself, and what installs the rest."""


@dataclass(frozen=True)
class Avis:
    """One advisory that touches a locked version."""

    paquet: str
    version: str
    id: str
    corrige: str
    resume: str


@cache
def installed() -> dict[str, Distribution]:
    return {canonical(one.name): one for one in distributions()}


@cache
def licences() -> dict[str, Any]:
    return dict(yaml.safe_load(LICENCES.read_text(encoding="utf-8")))


def here(marker: str) -> bool:
    return not marker or Marker(marker).evaluate()


def licence(nom: str) -> str:
    """SPDX expression, or a family; "" when the package is not installed here or says nothing."""
    if lue := licences()["lues"].get(nom):
        return str(lue["licence"])
    if nom not in installed():
        return ""
    fiche = installed()[nom].metadata
    if expression := fiche.get("License-Expression"):
        return str(expression)
    classes = [one.split(" :: ")[-1] for one in fiche.get_all("Classifier", []) if one.startswith("License ::")]
    dite = [one for one in classes if one != "DFSG approved"] or [(fiche.get("License") or "").split("\n")[0]]
    return " AND ".join(licences()["dites"].get(one, one) for one in dite)


def terms(expression: str) -> set[str]:
    return set(re.split(r" AND | OR |[() ]+", expression)) - {""}


# --- what the house is made of ----------------------------------------------------------------------------------------


def hashes() -> dict[tuple[str, str], list[str]]:
    """(name, version) → SHA-256 of every file of it that the lock admits."""
    found: dict[tuple[str, str], list[str]] = {}
    for bloc in re.split(r"\n(?=[A-Za-z0-9])", VERROU.read_text(encoding="utf-8").strip()):
        nom, version = re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)", bloc).groups()
        found[canonical(nom), version] = sorted(re.findall(r"--hash=sha256:([0-9a-f]{64})", bloc))
    return found


def sbom() -> dict[str, Any]:
    """The lock as a CycloneDX 1.6 document. No date and no drawn number: the same lock gives the same document."""
    directes, essais = set(declared()), set(declared("dev"))
    sommes = hashes()
    pieces = [
        _component(nom, version, marqueur, sommes[nom, version], directes, essais)
        for nom, versions in sorted(locked().items())
        for version, marqueur in versions
    ]
    empreinte = hashlib.sha256(VERROU.read_bytes()).hexdigest()
    maison = {"type": "application", "bom-ref": "vigie-rh", "name": "vigie-rh", "version": _version()}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.UUID(empreinte[:32])}",
        "version": 1,
        "metadata": {
            "component": maison,
            "properties": [{"name": "vigie:verrou-sha256", "value": empreinte}],
        },
        "components": pieces,
        "dependencies": [
            {"ref": "vigie-rh", "dependsOn": [one["bom-ref"] for one in pieces if one["name"] in directes]},
        ],
        # what depends on what beyond the first rank is not in the lock
        "compositions": [{"aggregate": "incomplete", "dependencies": ["vigie-rh"]}],
    }


def _version() -> str:
    return re.search(r'^version = "(.+)"', (RACINE / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)[1]


def _component(
    nom: str, version: str, marqueur: str, sommes: list[str], directes: set[str], essais: set[str]
) -> dict[str, Any]:
    said = licence(nom)
    purl = f"pkg:pypi/{nom}@{version}"
    rang = "directe" if nom in directes else "essais" if nom in essais else "indirecte"
    properties = [{"name": "vigie:rang", "value": rang}]
    if marqueur:
        properties.append({"name": "vigie:condition", "value": marqueur})
    if embarque := licences()["embarques"].get(nom):
        properties.append({"name": "vigie:embarque", "value": f"{embarque['programme']} ({embarque['licence']})"})
    piece = {"type": "library", "bom-ref": purl, "name": nom, "version": version, "purl": purl}
    if said == "BSD":
        piece["licenses"] = [{"license": {"name": said}}]
    elif said:
        piece["licenses"] = [{"expression": said}]
    return {
        **piece,
        "hashes": [{"alg": "SHA-256", "content": one} for one in sommes],
        "properties": properties,
    }


# --- what can be said of it -------------------------------------------------------------------------------------------


def check_installed() -> Iterator[str]:
    """The environment is the lock: nothing missing, nothing else, no other version."""
    wanted = {nom: version for nom, all_ in locked().items() for version, marker in all_ if here(marker)}
    for nom, version in wanted.items():
        lue = installed()[nom].version if nom in installed() else "aucune"
        if lue != version:
            yield f"{nom} : version verrouillée {version}, installée {lue}"
    for nom in sorted(set(installed()) - set(wanted) - MAISON):
        yield f"{nom} : installé, absent du verrou"


def check_files(noms: Iterable[str] | None = None) -> Iterator[str]:
    """Each installed file still has the hash that its package gave it."""
    for nom in sorted(noms or set(installed()) - MAISON):
        for file in installed()[nom].files or ():
            path = Path(str(file.locate()))
            if file.hash is None or path.suffix == ".pyc":
                continue
            if not path.is_file():
                yield f"{nom} : {file} manque"
            elif _digest(path, file.hash.mode) != file.hash.value:
                yield f"{nom} : {file} a changé depuis son installation"


def _digest(path: Path, mode: str) -> str:
    return base64.urlsafe_b64encode(hashlib.new(mode, path.read_bytes()).digest()).rstrip(b"=").decode()


def check_licences() -> Iterator[str]:
    """Every package installed here says a licence, and it is one that the house admits."""
    known = {*licences()["admises"], *licences()["reserves"]}
    for nom in sorted(set(installed()) & set(locked())):
        said = licence(nom)
        if not said:
            yield f"{nom} : licence inconnue"
        elif refused := terms(said) - known:
            yield f"{nom} : licence {said} ; non admise : {', '.join(sorted(refused))}"


def read_advisories(dossier: Path) -> Iterator[dict[str, Any]]:
    """Records of an OSV database laid out as files, for locked packages, withdrawn ones left out."""
    noms = set(locked())
    for path in sorted(dossier.rglob("*")):
        if path.suffix not in (".yaml", ".json") or not path.is_file():
            continue
        texte = path.read_text(encoding="utf-8")
        # a quick look before a slow reading: most are of other packages
        if not any(canonical(one) in noms for one in re.findall(r"[\"']?name[\"']?: [\"']?([\w.-]+)", texte)):
            continue
        record = json.loads(texte) if path.suffix == ".json" else yaml.load(texte, yaml.CSafeLoader)
        if isinstance(record, dict) and record.get("affected") and not record.get("withdrawn"):
            yield record


def newest(dossier: Path) -> str:
    """The day of its last change, of any package: the base knows nothing later."""
    jours = re.compile(r"[\"']?modified[\"']?: [\"']?(\d{4}-\d\d-\d\d)")
    files = (path for path in dossier.rglob("*") if path.suffix in (".yaml", ".json"))
    found = [jour for path in files for jour in jours.findall(path.read_text(encoding="utf-8"))]
    return max(found, default="jour inconnu")


def find_advisories(records: Iterable[dict[str, Any]]) -> Iterator[Avis]:
    """Those that touch a locked version, on this platform or another."""
    for record in records:
        for touche in record["affected"]:
            paquet = touche.get("package", {})
            nom = canonical(paquet.get("name", ""))
            for version, _ in locked().get(nom, ()) if paquet.get("ecosystem") == "PyPI" else ():
                if hit := _touches(touche, version):
                    resume = str(record.get("summary") or record.get("details") or "").split("\n")[0][:160]
                    yield Avis(nom, version, str(record["id"]), hit, resume)


def _touches(touche: dict[str, Any], version: str) -> str:
    """ "" when that version is not touched, else the version that mends it or « aucune »."""
    if version in touche.get("versions", ()):
        return next((event["fixed"] for event in _events(touche) if "fixed" in event), "aucune")
    lue, inside, fixed = Version(version), False, "aucune"
    for event in _events(touche):
        kind, value = next(iter(event.items()))
        try:
            bound = Version("0" if value == "0" else str(value))
        except InvalidVersion:
            continue
        if kind == "introduced":
            inside = inside or lue >= bound
        elif kind == "fixed":
            inside, fixed = inside and lue < bound, str(value) if lue < bound else fixed
        elif kind == "last_affected":
            inside = inside and lue <= bound
    return fixed if inside else ""


def _events(touche: dict[str, Any]) -> list[dict[str, Any]]:
    return [event for one in touche.get("ranges", ()) if one.get("type") == "ECOSYSTEM" for event in one["events"]]


def audit(avis: Path | None) -> int:
    """Print what was looked at, what was found, and what was not looked at. 1 when something is wrong."""
    parts = {
        "verrou et environnement": list(check_installed()),
        "fichiers installés": list(check_files()),
        "licences": list(check_licences()),
    }
    if avis:
        records = list(read_advisories(avis))
        print(f"Avis de sécurité qui nomment une dépendance : {len(records)}.")
        print(f"Base à jour au {newest(avis)} : rien n'est dit de ce qui a été publié depuis.")
        parts["avis de sécurité"] = [
            f"{one.paquet} {one.version} : {one.id}, corrigé en {one.corrige} ; {one.resume}"
            for one in find_advisories(records)
        ]
    for titre, lignes in parts.items():
        print(f"{titre} : {len(lignes) or 'rien à signaler'}", *lignes, sep="\n  ")
    if not avis:
        print("avis de sécurité : aucune base lue, rien n'est dit des failles connues (--avis, ou make audit-en-ligne)")
    absents = sorted(set(locked()) - set(installed()))
    print(f"non vérifiés, propres à d'autres systèmes : {', '.join(absents) or 'aucun'}")
    return int(any(parts.values()))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.dependances")
    commands = parser.add_subparsers(dest="commande", required=True)
    commands.add_parser("sbom").add_argument("sortie", type=Path)
    commands.add_parser("audit").add_argument("--avis", type=Path)
    options = parser.parse_args(arguments)
    if options.commande == "audit":
        return audit(options.avis)
    options.sortie.parent.mkdir(parents=True, exist_ok=True)
    options.sortie.write_text(json.dumps(sbom(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(options.sortie)
    return 0


if __name__ == "__main__":
    sys.exit(main())
