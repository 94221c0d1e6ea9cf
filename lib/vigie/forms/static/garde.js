// What is not yet in the store: kept in this browser, sent again until the kernel says that it is written.
//
// An entry waits under its field's key: {n, base, valeur, envoyees, parti, le}. `base` is the id of the stored answer
// that the change was made from; when another answer came meanwhile, the kernel refuses and both are shown. What was
// sent and whose acknowledgement was lost is recognised (`envoyees`): it is not somebody else's.

const DELAI_ACCUSE = 5000;
const DELAI_COUPURE = 8000;
const DELAI_SAISIE = 600;
const GARDE_MAX = 30 * 86400000;
const VIDE = { etat: "", valeur: "", commentaire: "", preuve: "", indicateur: "" };

const egales = (a, b) => Object.keys(VIDE).every((nom) => (a[nom] ?? "") === (b[nom] ?? ""));
const copie = (valeur) => ({ ...VIDE, ...valeur });

class Garde {
  // envoyer(message) reaches the kernel; prevenir(evenement, cle) tells the screens what changed.
  constructor(envoyer, prevenir) {
    this.envoyer = envoyer;
    this.prevenir = prevenir;
    this.page = jeton(8);
    this.n = 0;
    this.attente = new Map();
    this.conflits = new Map();
    this.refus = new Map();
    this.stockees = new Map();
    this.minuteries = new Map();
    this.horsConnexion = false;
    this.coupure = false;
    this.heure = "";
  }

  // Opening: what is stored, then what an earlier page could not send. `gardee`: this form may leave traces here.
  ouvrir(formulaire, reponses, gardee, cles) {
    this.formulaire = formulaire;
    this.gardee = gardee;
    this.durable = gardee && stockageDisponible();
    this.relire(reponses);
    if (this.durable) this.reprendre(cles);
  }

  relire(reponses) {
    this.stockees = new Map(Object.entries(reponses).map(([cle, r]) => [cle, { id: r.id, valeur: copie(r.valeur) }]));
  }

  lire(cle) {
    return copie(this.attente.get(cle)?.valeur ?? this.stockees.get(cle)?.valeur);
  }

  // A field changed. `tard`: someone is typing, wait for a pause before sending.
  changer(cle, valeur, tard) {
    const avant = this.attente.get(cle);
    if (!avant && egales(valeur, this.lire(cle))) return;
    if (avant && egales(valeur, avant.valeur)) {
      if (!tard) this.partir(cle);
      return;
    }
    const base = this.stockees.get(cle)?.id ?? 0;
    const entree = { base, envoyees: [], parti: 0, ...avant, n: ++this.n, valeur: copie(valeur), le: Date.now() };
    this.refus.delete(cle);
    this.attente.set(cle, entree);
    this.ecrire(cle, entree);
    this.plusTard(cle, tard ? DELAI_SAISIE : 0);
    this.prevenir("etat");
  }

  plusTard(cle, delai) {
    clearTimeout(this.minuteries.get(cle));
    if (this.gardee) this.minuteries.set(cle, setTimeout(() => this.partir(cle), delai));
  }

  // Send at once what waits for a pause: the page is being left, or the kernel is back.
  presser() {
    for (const cle of [...this.attente.keys()]) this.partir(cle);
  }

  partir(cle) {
    const entree = this.attente.get(cle);
    clearTimeout(this.minuteries.get(cle));
    if (!entree || !this.gardee || this.conflits.has(cle) || this.refus.has(cle)) return;
    if (Date.now() - entree.parti < DELAI_ACCUSE) return; // one at a time: its answer comes first
    entree.parti = Date.now();
    if (!entree.envoyees.some((valeur) => egales(valeur, entree.valeur))) entree.envoyees.push(entree.valeur);
    this.ecrire(cle, entree);
    this.envoyer({ t: "changer", n: entree.n, cle, base: entree.base, valeur: entree.valeur });
  }

  // Every second: what was not acknowledged in time is said, and sent again.
  veiller() {
    const maintenant = Date.now();
    for (const [cle, entree] of this.attente) {
      if (!entree.parti || maintenant - entree.parti < DELAI_ACCUSE) continue;
      this.perdre();
      this.partir(cle);
    }
    if (this.horsConnexion && maintenant - this.perdue > DELAI_COUPURE && !this.coupure) this.chercherServeur();
  }

  perdre() {
    if (this.horsConnexion) return;
    this.horsConnexion = true;
    this.perdue = Date.now();
    this.prevenir("etat");
  }

  // Any word from the kernel: it is there.
  retrouver() {
    if (!this.horsConnexion) return;
    this.horsConnexion = this.coupure = false;
    this.revenue = true;
    for (const entree of this.attente.values()) entree.parti = 0;
    this.presser();
    this.prevenir("etat");
  }

  enregistree({ n, cle, id }) {
    const entree = this.attente.get(cle);
    if (entree?.n === n) {
      this.stockees.set(cle, { id, valeur: entree.valeur });
      this.oublier(cle);
      this.heure = heureLocale();
    } else if (entree) {
      this.rebaser(cle, entree, id);
    }
    this.prevenir("etat");
  }

  conflit({ cle, id, valeur }) {
    const entree = this.attente.get(cle);
    const ailleurs = { id, valeur: copie(valeur) };
    if (!entree) {
      this.stockees.set(cle, ailleurs);
      this.prevenir("valeur", cle);
    } else if (entree.envoyees.some((envoyee) => egales(envoyee, ailleurs.valeur))) {
      this.rebaser(cle, entree, id);
    } else if (id !== entree.base) {
      entree.parti = 0;
      this.conflits.set(cle, ailleurs);
      this.prevenir("conflit", cle);
    }
    this.prevenir("etat");
  }

  rebaser(cle, entree, id) {
    entree.base = id;
    entree.parti = 0;
    this.partir(cle);
  }

  // The person chose: theirs, on top of the other one; or the other one.
  trancher(cle, ici) {
    const ailleurs = this.conflits.get(cle);
    const entree = this.attente.get(cle);
    this.conflits.delete(cle);
    this.stockees.set(cle, ailleurs);
    if (ici) {
      entree.envoyees = [];
      this.rebaser(cle, entree, ailleurs.id);
    } else {
      this.oublier(cle);
      this.heure = heureLocale();
    }
    this.prevenir("etat");
  }

  // The kernel does not admit it: said beside the field, not sent again as it is.
  refuser({ n, message }) {
    for (const [cle, entree] of this.attente) {
      if (entree.n !== n) continue;
      entree.parti = 0;
      this.effacer(cle);
      this.refus.set(cle, message);
      this.prevenir("refus", cle);
    }
    this.prevenir("etat");
  }

  // The store cannot be written for now: keep, and try again later.
  echouer({ message }) {
    this.incident = message;
    this.perdre();
    this.prevenir("etat");
  }

  oublier(cle) {
    clearTimeout(this.minuteries.get(cle));
    this.attente.delete(cle);
    this.effacer(cle);
  }

  fermer() {
    for (const minuterie of this.minuteries.values()) clearTimeout(minuterie);
  }

  // Is it the network, or only this form's kernel? Any answer of the server means that reloading the page will help.
  async chercherServeur() {
    this.coupure = true;
    try {
      await fetch(location.href, { method: "HEAD", cache: "no-store" });
      this.prevenir("coupure");
    } catch {
      this.coupure = false;
      this.perdue = Date.now();
    }
  }

  // --- this browser's own store: one item a field and a page, so that tabs do not write over one another -------------

  nom(cle) {
    return `vigie|${this.formulaire}|${this.page}|${cle}`;
  }

  ecrire(cle, entree) {
    if (!this.durable) return;
    try {
      localStorage.setItem(this.nom(cle), JSON.stringify(entree));
    } catch {
      this.durable = false; // full, or withdrawn: the screens then ask not to close the page
    }
  }

  effacer(cle) {
    if (this.durable) localStorage.removeItem(this.nom(cle));
  }

  // What an earlier page, or another tab, could not send. The newest of a field wins; what is too old is dropped.
  reprendre(cles) {
    const debut = `vigie|${this.formulaire}|`;
    const noms = Object.keys(localStorage).filter((nom) => nom.startsWith(debut));
    const entrees = noms.map((nom) => [nom, lireEntree(localStorage.getItem(nom))]);
    entrees.sort(([, a], [, b]) => (b?.le ?? 0) - (a?.le ?? 0));
    for (const [nom, entree] of entrees) {
      localStorage.removeItem(nom);
      const cle = nom.slice(debut.length).split("|").slice(1).join("|");
      const utile = entree && Date.now() - entree.le < GARDE_MAX && cles.has(cle) && !this.attente.has(cle);
      if (utile) this.adopter(cle, entree);
    }
  }

  // Saved already, to send, or another answer came meanwhile.
  adopter(cle, entree) {
    const stockee = this.stockees.get(cle) ?? { id: 0, valeur: VIDE };
    if (egales(stockee.valeur, entree.valeur)) return;
    const sienne = entree.base === stockee.id || entree.envoyees.some((valeur) => egales(valeur, stockee.valeur));
    const base = sienne ? stockee.id : entree.base;
    const reprise = { n: ++this.n, base, valeur: copie(entree.valeur), envoyees: [], parti: 0, le: entree.le };
    this.attente.set(cle, reprise);
    if (!sienne) this.conflits.set(cle, stockee);
    this.ecrire(cle, reprise);
    this.plusTard(cle, 0);
  }
}

function lireEntree(texte) {
  try {
    const entree = JSON.parse(texte);
    return entree?.valeur && Array.isArray(entree.envoyees) ? entree : null;
  } catch {
    return null;
  }
}

function stockageDisponible() {
  try {
    localStorage.setItem("vigie|essai", "1");
    localStorage.removeItem("vigie|essai");
    return true;
  } catch {
    return false;
  }
}

function jeton(octets) {
  const hasard = crypto.getRandomValues(new Uint8Array(octets));
  return [...hasard].map((octet) => octet.toString(16).padStart(2, "0")).join("");
}

function heureLocale() {
  const maintenant = new Date();
  return `${maintenant.getHours()}\u00a0h\u00a0${String(maintenant.getMinutes()).padStart(2, "0")}`;
}
