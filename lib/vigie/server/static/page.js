// The page around a form: one channel to its kernel, and just enough of a model for an anywidget.

const ATTENTES = [500, 1000, 2000, 5000];

class Canal {
  constructor(adresse, surMessage, surRetour) {
    Object.assign(this, { adresse, surMessage, surRetour, essais: 0 });
    this.pret = new Promise((resoudre) => (this.ouvert = resoudre));
    this.relier();
  }

  relier() {
    this.prise = new WebSocket(this.adresse);
    this.prise.addEventListener("open", () => this.ouvrir());
    this.prise.addEventListener("message", ({ data }) => this.surMessage(JSON.parse(data)));
    this.prise.addEventListener("close", () => this.reprendre());
  }

  ouvrir() {
    this.essais = 0;
    if (this.dejaOuvert) this.surRetour();
    this.dejaOuvert = true;
    this.ouvert();
  }

  reprendre() {
    const attente = ATTENTES[Math.min(this.essais, ATTENTES.length - 1)];
    this.essais += 1;
    setTimeout(() => this.relier(), attente);
  }

  dire(message) {
    if (this.prise.readyState !== WebSocket.OPEN) throw new Error("no connection");
    this.prise.send(JSON.stringify(message));
  }
}

class Modele {
  constructor(etat) {
    this.etat = etat;
    this.ecoutes = new Set();
  }

  get(nom) {
    return this.etat[nom];
  }

  on(evenement, ecoute) {
    if (evenement === "msg:custom") this.ecoutes.add(ecoute);
  }

  off(evenement, ecoute) {
    if (evenement === "msg:custom") this.ecoutes.delete(ecoute);
  }

  send(message) {
    this.canal.dire(message);
  }
}

const place = document.querySelector("[data-canal]");
if (place) {
  const { canal, module, etat } = place.dataset;
  const modele = new Modele(JSON.parse(etat));
  const adresse = new URL(canal, location.href.replace(/^http/, "ws"));
  modele.canal = new Canal(
    adresse,
    (message) => modele.ecoutes.forEach((ecoute) => ecoute(message)),
    () => modele.send({ t: "relire" }),
  );
  const [{ default: formulaire }] = await Promise.all([import(new URL(module, location.href)), modele.canal.pret]);
  place.replaceChildren();
  formulaire.render({ model: modele, el: place });
}
