"""Every box of the matrix, on a real server: role × structure × etape × verb, its pages and its channels."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.simple_httpclient import SimpleAsyncHTTPClient
from tornado.websocket import websocket_connect
from vigie.collecte import load_ministere, open_store
from vigie.collecte.signalements import read_signalements

from tests.collecte.ministere_essai import CAMPAGNE, FICHIERS, write_ministere
from tests.forms.ministere_forme import INVENTAIRE
from tests.server.matrice import ETAPES, RISQUES, VERBES, read_grid
from tests.server.monde import VIDE, Monde
from tests.server.serveur_essai import serveur

ROLES = ("DIR", "RH", "FOR", "NUM", "JUR", "SF", "MAN", "RP", "AG", "ATELIER", "CONSULTANT")
SIENNE, AUTRE = "drh", "centre-sud"
REPONDANTS = "structure;id;role;nom;fonction\n" + "".join(
    f"{structure};{role.lower()}-{structure};{role};Personne fictive;Fonction fictive\n"
    for structure in (SIENNE, AUTRE)
    for role in ROLES
)
PERSONNES = {
    **{role: (role, f"{role.lower()}-{SIENNE}") for role in ROLES},
    "agent": ("AG", "AG2"),
    "anonyme": ("AG", ""),
}
"""Row of the matrix → role and id of someone of the structure drh."""
PLAN = {
    "couverture": [{"competence": "B1", "libelle": "Besoin fictif", "public": "MP"}],
    "modules": [{"module": "M-objectif-ia", "titre": "Module fictif", "competences": "B1:0>2", "decision": "retenir"}],
}
JUPYTER = [
    {"header": {"msg_type": sorte}, "msg_type": sorte, "content": {"code": "1/0"}, "channel": canal}
    for sorte in ("execute_request", "comm_open", "comm_msg", "comm_close", "shutdown_request", "inspect_request",
                  "complete_request", "kernel_info_request", "input_reply", "debug_request", "interrupt_request")
    for canal in ("shell", "control", "stdin", "iopub")
]  # fmt: skip
DETOURNES = [
    {"t": "execute_request", "code": "1/0"}, {"t": "__init__"}, {"t": "receive"}, {"t": "_ouvrir"}, {"t": "store"},
    {"t": ["ouvrir"]}, {"t": "ouvrir", "comm_id": "x"}, {"t": "ouvrir", "repondant": "dir-drh"}, {},
    {"method": "update", "state": {"amorce": {}}}, {"method": "custom", "content": {"t": "ouvrir"}},
]  # fmt: skip


@dataclass
class Page:
    """A form that is open: its session, its channel, what it asks."""

    qui: str
    etape: str
    session: str
    prise: Any = None
    etat: Any = None

    async def dire(self, message: Any) -> Any:
        """The reply; a use that is declared also brings the pages that it adds, later."""
        await self.prise.write_message(json.dumps(message))
        while True:
            dit = json.loads(await asyncio.wait_for(self.prise.read_message(), 30))
            if dit["t"] != "questionnaire":
                return dit

    @property
    def champs(self) -> list[Any]:
        pages = self.etat["questionnaire"].get("pages", [])
        return [champ for page in pages for question in page["questions"] for champ in question["champs"]]


class Visiteurs:
    """Everyone of the matrix, with a link that names every etape: as wide as the house could sign it by mistake."""

    def __init__(self, monde: Monde) -> None:
        self.monde = monde
        self.etapes = list(next(iter(read_grid(ETAPES).values())))
        self.client = SimpleAsyncHTTPClient(force_instance=True, max_clients=20)
        self.liens = {
            (qui, structure): monde.inviter(*self.etapes, role=role, repondant=id_, structure=structure)
            for qui, (role, id_) in PERSONNES.items()
            for structure in (SIENNE, AUTRE)
            if qui != "anonyme" or structure == SIENNE
        }
        self.pages: dict[tuple[str, str], Page] = {}

    async def demander(self, chemin: str, temoin: str, methode: str = "GET") -> Any:
        adresse = self.monde.serveur.origine.rstrip("/") + chemin
        demande = HTTPRequest(adresse, methode, headers={"Cookie": temoin}, follow_redirects=False, request_timeout=60)
        return await self.client.fetch(demande, raise_error=False)

    async def relier(self, chemin: str, temoin: str) -> Any:
        """An open channel, or the status of the refusal."""
        origine = self.monde.serveur.origine.rstrip("/")
        demande = HTTPRequest(origine.replace("http", "ws") + chemin, headers={"Cookie": temoin, "Origin": origine})
        try:
            return await websocket_connect(demande)
        except HTTPClientError as refus:
            return refus.code

    async def ouvrir(self, qui: str, etape: str) -> int:
        """Open the page of a form, and its channel when there is one."""
        invitation = self.liens[qui, SIENNE]
        base, temoin = f"/acces/{invitation.numero}/{etape}/", self.monde.temoin(invitation)
        page = await self.demander(base, temoin)
        if page.code == 200:
            session = re.search(r'data-canal="canal/([^"]+)"', page.body.decode())[1]
            ouverte = Page(qui, etape, session, await self.relier(f"{base}canal/{session}", temoin))
            ouverte.etat = await ouverte.dire({"t": "ouvrir"})
            self.pages[qui, etape] = ouverte
        return page.code


@pytest.fixture(scope="module")
def monde(tmp_path_factory) -> Iterator[Monde]:
    dossier = tmp_path_factory.mktemp("matrice")
    ministere = write_ministere(dossier / "ministere", repondants=REPONDANTS)
    (ministere / "reponses" / "inventaire.csv").write_text(INVENTAIRE.replace("num1", f"num-{SIENNE}"), "utf-8")
    resultats = dossier / "resultats" / "essai" / CAMPAGNE / SIENNE
    resultats.mkdir(parents=True)
    (resultats / "resultats.json").write_text(json.dumps({"etapes": {"plan_formation": {"tables": PLAN}}}), "utf-8")
    reglages = "sessions=100, sessions_par_lien=10, pages_par_adresse=Debit(9999, 999), messages=Debit(999, 99)"
    with serveur(dossier, ministere, reglages=reglages) as lance:
        yield Monde(dossier, ministere, lance)


def test_the_matrix_names_every_role_form_and_etape(monde):
    charge = load_ministere(monde.ministere)
    assert set(ROLES) == set(charge.mesures.roles)
    assert set(PERSONNES) == set(read_grid(ETAPES))
    assert FICHIERS["agents.csv"].count("drh;AG2;") == 1
    formes = charge.referentiels.formulaires.formulaires
    assert {one.etape for one in formes} | {"accompagnement", "inconnue"} == set(read_grid(ETAPES)["DIR"])
    assert {one.id for one in formes} == set(read_grid(VERBES))
    cases = [case for ligne in read_grid(ETAPES).values() for case in ligne.values()]
    assert {one.id for one in formes} == set(cases) - {""}


def test_every_box_of_the_matrix(monde):
    asyncio.run(parcourir(monde))


async def parcourir(monde: Monde) -> None:
    visiteurs = Visiteurs(monde)
    await verifier_les_pages(visiteurs)
    await verifier_l_autre_structure(visiteurs)
    await verifier_les_canaux(visiteurs)
    ecrites = await verifier_les_verbes(visiteurs)
    for page in visiteurs.pages.values():
        page.prise.close(1000)
    await asyncio.sleep(0.2)
    verifier_le_stock(monde, ecrites)


async def verifier_les_pages(visiteurs: Visiteurs) -> None:
    """Home, presence and page of every form, with one's own link."""
    attendu = read_grid(ETAPES)

    async def un(qui: str) -> dict[str, Any]:
        invitation = visiteurs.liens[qui, SIENNE]
        base, temoin = f"/acces/{invitation.numero}/", visiteurs.monde.temoin(invitation)
        lu: dict[str, Any] = {"accueil": (await visiteurs.demander(base, temoin)).code}
        lu["fichier"] = (await visiteurs.demander(f"{base}statique/inconnu.js", temoin)).code
        for etape in visiteurs.etapes:
            lu[f"presence {etape}"] = (await visiteurs.demander(f"{base}{etape}/", temoin, "HEAD")).code
            lu[f"page {etape}"] = await visiteurs.ouvrir(qui, etape)
        return lu

    for qui, lu in zip(PERSONNES, await asyncio.gather(*(un(qui) for qui in PERSONNES)), strict=True):
        ouvertes = [etape for etape, forme in attendu[qui].items() if forme]
        statuts = {etape: 200 if etape in ouvertes else 403 for etape in visiteurs.etapes}
        assert lu == {
            "accueil": 303 if len(ouvertes) == 1 else 200,
            "fichier": 404,
            **{f"presence {etape}": statut for etape, statut in statuts.items()},
            **{f"page {etape}": statut for etape, statut in statuts.items()},
        }, qui
        lues = {etape: visiteurs.pages[qui, etape].etat["questionnaire"]["genre"] for etape in ouvertes}
        assert lues == {etape: attendu[qui][etape] for etape in ouvertes}, qui


async def verifier_l_autre_structure(visiteurs: Visiteurs) -> None:
    """A link of one's own for a structure where one is not, then the addresses of someone who is there."""
    monde, la_bas = (
        visiteurs.monde,
        visiteurs.monde.inviter("maturite", role="RH", repondant=f"rh-{AUTRE}", structure=AUTRE),
    )
    suites = ["", *(f"{etape}/" for etape in visiteurs.etapes)]
    for qui in PERSONNES:
        if qui != "anonyme":
            signee = visiteurs.liens[qui, AUTRE]
            for suite, methode in product(suites, ("GET", "HEAD")):
                if suite or methode == "GET":
                    retour = await visiteurs.demander(f"/acces/{signee.numero}/{suite}", monde.temoin(signee), methode)
                    assert retour.code == 403, (qui, suite, methode)
        temoin = monde.temoin(visiteurs.liens[qui, SIENNE])
        for suite, methode in product([*suites, "statique/page.js"], ("GET", "HEAD")):
            retour = await visiteurs.demander(f"/acces/{la_bas.numero}/{suite}", temoin, methode)
            assert retour.code in ((403,) if "statique" not in suite else (403, 405)), (qui, suite, methode)


async def verifier_les_canaux(visiteurs: Visiteurs) -> None:
    """Every open form, asked for by everyone else: at their own address, then at the owner's."""
    for qui, page in product(PERSONNES, visiteurs.pages.values()):
        mien, leur = visiteurs.liens[qui, SIENNE], visiteurs.liens[page.qui, SIENNE]
        temoin = visiteurs.monde.temoin(mien)
        for etape in [page.etape] if qui != page.qui else set(visiteurs.etapes) - {page.etape}:
            refus = await visiteurs.relier(f"/acces/{mien.numero}/{etape}/canal/{page.session}", temoin)
            assert refus in (403, 404), (qui, page.qui, etape)
        if qui != page.qui:
            refus = await visiteurs.relier(f"/acces/{leur.numero}/{page.etape}/canal/{page.session}", temoin)
            assert refus == 403, (qui, page.qui, page.etape)


Ecrites = dict[tuple[str, str], set[str]]


async def verifier_les_verbes(visiteurs: Visiteurs) -> Ecrites:
    """Each message of the channel on each open form; gives what was said saved: (id, etape) → keys."""
    attendu, risques = read_grid(VERBES), read_grid(RISQUES)
    cles = {champ["cle"] for page in visiteurs.pages.values() for champ in page.champs}
    ecrites: Ecrites = {}
    vus: set[str] = set()
    for (qui, etape), page in visiteurs.pages.items():
        genre = page.etat["questionnaire"]["genre"]
        if genre == "risques_ethique":
            mesures = {champ["cle"].split("|")[2] for champ in page.champs}
            lu = {
                "usages": "inventaire" in mesures,
                "cotations": "gravite" in mesures,
                "regles": "preuve" in mesures,
                "referentiel": "referentiel" in mesures,
            }
            assert lu == {nom: bool(case) for nom, case in risques[qui].items()}, qui
        # all of them once a form; a form in other hands gets a few
        entier = genre not in vus
        vus.add(genre)
        for message in (*JUPYTER, *DETOURNES)[:: 1 if entier else 11]:
            assert (await page.dire(message))["t"] == "refus", (qui, etape, message)
        miennes = {champ["cle"] for champ in page.champs}
        for n, cle in enumerate(sorted(cles - miennes)[:: 1 if entier else 40]):
            dit = await page.dire(changer(cle, n, {**VIDE, "etat": "niveau", "valeur": "oui"}))
            assert (dit["t"], dit["n"]) == ("refus", n), (qui, etape, cle)
        lu = await essayer(page)
        assert lu == {verbe: bool(case) for verbe, case in attendu[genre].items()}, (qui, etape)
        if lu["enregistrer"]:
            ecrites[PERSONNES[qui][1], etape] = {page.champs[0]["cle"]}
        if lu["envoyer"]:
            ecrites.setdefault((PERSONNES[qui][1], "envoi"), set()).add(f"{genre}|formulaire|envoi")
    return ecrites


def changer(cle: str, n: int, valeur: dict[str, str]) -> dict[str, Any]:
    return {"t": "changer", "n": n, "cle": cle, "base": 0, "valeur": valeur}


def valoir(champ: Any) -> dict[str, str]:
    """Something that this field takes."""
    valeur = champ["options"][0]["valeur"] if champ.get("options") else "Texte fictif"
    if champ.get("bornes"):
        valeur = str(champ["bornes"][0])
    return {**VIDE, "etat": "niveau", "valeur": valeur}


async def essayer(page: Page) -> dict[str, bool]:
    jeton = "0123456789abcdef" * 2
    donnes = {champ["cle"]: valoir(champ) for champ in page.champs if champ.get("obligatoire")}
    premier = page.champs[0]
    dits = {
        "lire": ({"t": "ouvrir"}, "etat"),
        "relire": ({"t": "relire"}, "reponses"),
        "enregistrer": (changer(premier["cle"], 1, valoir(premier)), "enregistre"),
        "envoyer": ({"t": "envoyer", "jeton": jeton}, "recu"),
        "remettre": (
            {"t": "remettre", "jeton": jeton, "reponses": donnes or {premier["cle"]: valoir(premier)}},
            "recu",
        ),
        "restituer": ({"t": "restituer"}, "restitution"),
    }
    lu = {}
    for verbe, (message, attendu) in dits.items():
        dit = await page.dire(message)
        lu[verbe] = dit["t"] == attendu
        assert lu[verbe] or dit["t"] == "refus", (page.qui, page.etape, verbe, dit)
    return lu


def verifier_le_stock(monde: Monde, ecrites: Ecrites) -> None:
    """Nothing is in the store that was not said saved, for anyone, in any structure."""
    store = open_store(load_ministere(monde.ministere))
    lues: Ecrites = {}
    for row in store.answers(CAMPAGNE, SIENNE).to_dict("records"):
        cle = "|".join((row["objet"], row["cible"], row["mesure"]))
        lues.setdefault((row["repondant"], row["etape"]), set()).add(cle)
    ecrites[f"num-{SIENNE}", "risques_ethique"].add("U04|statut|inventaire")  # the file received
    personnes = {id_ for _, id_ in PERSONNES.values() if id_}
    assert {qui: cles for qui, cles in lues.items() if qui[0] in personnes} == ecrites
    assert {qui for qui, _ in lues} <= personnes
    with store.engine.connect() as connexion:
        echos = connexion.exec_driver_sql("SELECT count(*) FROM urne").scalar()
    assert echos == 1, "one écho, which waits for others"
    assert store.answers(CAMPAGNE, AUTRE).empty
    assert read_signalements(store)["numero"].nunique() == 1
