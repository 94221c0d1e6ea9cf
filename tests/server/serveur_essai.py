"""The forms' server as `vigie forms` starts it, for a ministry and some invitations."""

from __future__ import annotations

import http.client
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from vigie.collecte import load_ministere, open_store
from vigie.collecte.invitations import Invitation, record_invitations
from vigie.forms.demande import Demande
from vigie.forms.invitations import link_of

from tests.collecte.ministere_essai import CAMPAGNE
from tests.ports import free_port

CLE = "cle-des-essais-" * 4
DEMARRAGE_S = 60
_SERVIR = (
    "import sys; from pathlib import Path; from vigie.server.reglages import Debit, Reglages; "
    "from vigie.server.serveur import serve; "
    "serve(Reglages(ministere=Path(sys.argv[1]), port=int(sys.argv[2]), {}))"
)
LOINTAIN = "2099-01-01T00:00:00+00:00"


@dataclass(frozen=True)
class Retour:
    statut: int
    entetes: Mapping[str, str]
    texte: str


class ServeurVigie:
    """`tuer` does what a power cut does; `arreter` what an administrator does.

    `reglages`: arguments of Reglages that no option of the command sets, as Python writes them.
    """

    def __init__(
        self,
        dossier: Path,
        ministere: Path,
        *options: str,
        environ: Mapping[str, str] | None = None,
        reglages: str = "",
    ) -> None:
        self.dossier, self.ministere, self.options, self.reglages = dossier, ministere, options, reglages
        self.environ = {"VIGIE_CLE": CLE, **(environ or {})}
        self.journal = dossier / f"formulaires-{secrets.token_hex(2)}.log"
        self.port = free_port()
        self.processus: subprocess.Popen[bytes] | None = None
        self.adresse = self.origine = f"http://127.0.0.1:{self.port}/"

    def lancer(self) -> None:
        commande = [sys.executable, "-m", "vigie.cli", "forms", str(self.ministere), f"--port={self.port}"]
        if self.reglages:
            commande = [sys.executable, "-c", _SERVIR.format(self.reglages), str(self.ministere), str(self.port)]
        environ = {**os.environ, "VIGIE_SORTIE": str(self.dossier / "resultats"), **self.environ}
        environ["JUPYTER_RUNTIME_DIR"] = str(self.dossier / "runtime")
        with self.journal.open("ab") as journal:
            self.processus = subprocess.Popen([*commande, *self.options], env=environ, stdout=journal, stderr=journal)
        limite = time.monotonic() + DEMARRAGE_S
        while time.monotonic() < limite:
            with suppress(OSError):
                self.demander("GET", "/")
                return
            time.sleep(0.05)
        raise RuntimeError(self.dit())

    def dit(self) -> str:
        return self.journal.read_text(encoding="utf-8", errors="replace")

    def demander(self, methode: str, chemin: str, **entetes: str) -> Retour:
        """One request, redirections not followed."""
        connexion = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connexion.request(methode, chemin, headers={nom.replace("_", "-"): texte for nom, texte in entetes.items()})
        retour = connexion.getresponse()
        texte = retour.read().decode("utf-8", "replace")
        connexion.close()
        return Retour(retour.status, {nom.lower(): valeur for nom, valeur in retour.getheaders()}, texte)

    def noyaux(self) -> list[psutil.Process]:
        """Kernels are the children of the warm parent, itself a child of the server."""
        assert self.processus is not None
        parents = psutil.Process(self.processus.pid).children()
        return [noyau for parent in parents for noyau in parent.children()]

    def tuer_les_noyaux(self) -> None:
        for noyau in self.noyaux():
            noyau.send_signal(signal.SIGKILL)

    def tuer(self) -> None:
        assert self.processus is not None
        self.processus.kill()
        self.processus.wait()

    def arreter(self) -> int:
        assert self.processus is not None
        self.processus.terminate()
        return self.processus.wait(30)


def inviter(ministere: Path, demande: Demande, *etapes: str, expire_le: str = LOINTAIN) -> Invitation:
    """A link for that person, made with the key of the tests."""
    who = (demande.structure, demande.role or "AG", demande.repondant)
    made = Invitation(secrets.token_hex(12), CAMPAGNE, *who, etapes or (demande.etape,), expire_le)
    record_invitations(open_store(load_ministere(ministere)), [made])
    return made


def lien(ministere: Path, invitation: Invitation, origine: str) -> str:
    return link_of(load_ministere(ministere), invitation, origine, CLE)


@contextmanager
def serveur(
    dossier: Path, ministere: Path, *options: str, reglages: str = "", **environ: str
) -> Iterator[ServeurVigie]:
    lance = ServeurVigie(dossier, ministere, *options, environ=environ, reglages=reglages)
    lance.lancer()
    try:
        yield lance
    finally:
        lance.tuer()


@contextmanager
def servi(dossier: Path, demande: Demande) -> Iterator[ServeurVigie]:
    """One form served to whom it is for: `adresse` is their link."""
    ministere = Path(demande.ministere)
    with serveur(dossier, ministere) as lance:
        lance.adresse = lien(ministere, inviter(ministere, demande), lance.origine)
        yield lance
