// A form in a notebook cell or a Voilà page: one widget, one comm. This file is read after those beside it.

const ATTENTE_OUVERTURE = 10000;
const RELECTURE = 30000;

class Formulaire {
  constructor(model, el_) {
    this.model = model;
    this.amorce = model.get("amorce");
    this.racine = el("div", { class: "vq", lang: "fr" }, el("p", { role: "status" }, this.amorce.ouverture));
    el_.append(this.racine);
    this.garde = new Garde((message) => this.dire(message), (evenement, cle) => this.reagir(evenement, cle));
    this.ecrans = new Ecrans(this);
    this.ecouter();
    this.dire({ t: "ouvrir" });
    this.patience = setTimeout(() => this.impatience(), ATTENTE_OUVERTURE);
  }

  t(cle, mots = {}) {
    return remplir(this.textes[cle] ?? cle, mots);
  }

  dire(message) {
    try {
      this.model.send(message);
    } catch {
      this.garde.perdre(); // the comm is closed: what waits stays in the page
    }
  }

  impatience() {
    const recharger = el("button", { type: "button", class: "vq-bouton", onclick: () => location.reload() }, this.amorce.recharger);
    this.racine.replaceChildren(el("p", { role: "alert" }, this.amorce.ne_repond_pas), recharger);
  }

  // --- what the kernel says -----------------------------------------------------------------------------------------

  recevoir(message) {
    this.garde.retrouver();
    const suites = {
      etat: () => this.ouvrir(message),
      questionnaire: () => this.changerPages(message),
      reponses: () => this.relire(message),
      enregistre: () => this.garde.enregistree(message),
      conflit: () => this.garde.conflit(message),
      refus: () => (message.n ? this.garde.refuser(message) : this.refuser(message)),
      echec: () => this.echouer(message),
      recu: () => this.recevoirRecu(message),
      restitution: () => this.recevoirRestitution(message),
    };
    suites[message.t]?.();
  }

  ouvrir({ formulaire, questionnaire, textes, reponses, restituable, recu }) {
    clearTimeout(this.patience);
    if (this.questionnaire) return; // said twice: the page is already there
    Object.assign(this, { identifiant: formulaire, questionnaire, textes, restituable, recu });
    const gardee = questionnaire.remise === "immediate";
    this.garde.carnet = this.amorce.hote !== "voila";
    this.garde.ouvrir(formulaire, reponses, gardee, this.cles());
    if (!gardee) this.reprendrePassage();
    this.etat = new LigneEtat(this.garde, (cle, mots) => this.t(cle, mots), (cle) => this.ecrans.allerAu(cle), () => this.recharger());
    this.liste = el("ol", {});
    this.resume = el("summary", {});
    const nav = el("nav", { class: "vq-pages", "aria-label": this.t("pages") }, el("details", {}, this.resume, this.liste));
    const etapes = el("div", { class: "vq-etapes", "aria-hidden": "true" });
    Object.assign(this, { nav, etapes });
    this.racine.replaceChildren(
      el("h2", { class: "vq-titre" }, questionnaire.titre),
      el("p", { class: "vq-sous-titre" }, questionnaire.sous_titre ?? ""),
      this.amorce.pour ? el("p", { class: "vq-pour" }, this.amorce.pour) : "",
      gardee && !this.garde.durable ? el("p", { class: "vq-pour" }, this.t("pas_de_garde")) : "",
      (this.barre = el("div", { class: "vq-barre" }, etapes, this.etat.element)),
      nav,
      this.ecrans.racine,
    );
    const derniere = this.lirePage();
    const connue = derniere === "fin" || this.ecrans.pages.some(({ id }) => id === derniere);
    this.ecrans.aller(connue ? derniere : "accueil", false);
  }

  cles() {
    return new Set((this.questionnaire.pages ?? []).flatMap((page) => page.questions.flatMap(({ champs }) => champs.map(({ cle }) => cle))));
  }

  // What was just answered adds or takes away pages; the one on screen stays, with what is being typed.
  changerPages({ questionnaire, reponses }) {
    this.questionnaire = questionnaire;
    this.garde.relire(reponses);
    if (!["accueil", "fin", "recu"].includes(this.ecrans.ou) && !this.ecrans.pages.some(({ id }) => id === this.ecrans.ou)) this.ecrans.aller("accueil");
    else this.renommer();
  }

  renommer() {
    const page = this.ecrans.pages.find(({ id }) => id === this.ecrans.ou);
    if (page) this.ecrans.racine.querySelector(".vq-titre-page").textContent = this.ecrans.nommer(page);
    this.rafraichir();
  }

  relire({ reponses }) {
    this.garde.relire(reponses);
    for (const vu of this.ecrans.vus.values()) vu.montrer();
    this.rafraichir();
  }

  refuser({ message }) {
    this.envoi = null;
    this.ecrans.alerter(message);
    this.rafraichir();
  }

  echouer(message) {
    if (this.envoi) this.ecrans.alerter(message.message);
    this.envoi = null;
    this.garde.echouer(message);
  }

  // --- what the person, or the browser, does ------------------------------------------------------------------------

  reagir(evenement, cle) {
    if (evenement === "coupure") this.garde.coupee = true;
    const vu = cle && this.ecrans.vus.get(cle);
    if (vu) vu.montrer();
    this.rafraichir();
    if (this.envoi?.attend && !this.garde.attente.size) this.partir();
  }

  rafraichir() {
    if (!this.etat) return;
    if (!this.garde.horsConnexion) this.garde.coupee = false;
    this.etat.montrer();
    this.barre.hidden = ["accueil", "recu"].includes(this.ecrans.ou) && this.etat.element.dataset.etat === "repos";
    this.etapes.hidden = ["accueil", "recu"].includes(this.ecrans.ou);
    this.montrerPages();
    const { envoi } = this.ecrans;
    if (envoi) {
      envoi.toggleAttribute("disabled", !!this.envoi);
      envoi.textContent = this.envoi ? this.t(this.garde.horsConnexion ? "envoi_attend" : "envoi_en_cours") : this.t("envoyer");
    }
  }

  montrerPages() {
    const { pages, ou } = this.ecrans;
    const attendues = pages.filter((page) => this.ecrans.avancement(page).total);
    const faites = attendues.filter((page) => this.ecrans.complete(page)).length;
    const compte = this.t(faites > 1 ? "pages_completes" : "pages_completes_un", { n: faites, total: attendues.length });
    this.nav.hidden = pages.length < 2 || ou === "recu";
    this.resume.textContent = attendues.length ? `${this.t("pages")}\u00a0: ${compte}` : this.t("pages");
    const ligne = (id, titre, note) =>
      el("li", {}, el("button", { type: "button", class: "vq-lien", "aria-current": id === ou ? "page" : undefined, onclick: () => this.ecrans.aller(id) }, titre), note ? el("span", { class: "vq-note" }, ` ${note}`) : null);
    const focus = this.liste.contains(document.activeElement);
    if (!focus) this.liste.replaceChildren(...pages.map((page, rang) => ligne(page.id, `${rang + 1}. ${page.titre}`, this.ecrans.bilan(page))), ligne("fin", this.t("fin"), ""));
    this.etapes.replaceChildren(...(pages.length > 1 ? pages.map((page) => el("span", { class: `vq-etape${page.id === ou ? " vq-ici" : ""}${this.ecrans.complete(page) ? " vq-faite" : ""}` })) : []));
  }

  // Send for good: after what is still waiting, never past what a person must settle.
  remettre() {
    const { garde, ecrans } = this;
    if (this.envoi) return;
    if (garde.refus.size || garde.conflits.size) {
      ecrans.alerter(this.t("envoi_bloque"), [...garde.refus.keys(), ...garde.conflits.keys()].map((cle) => ({ cle, texte: this.enonce(cle) })));
      return;
    }
    const obligatoires = ecrans.manquantes().flatMap(({ question }) => question.champs.filter((champ) => champ.obligatoire && ecrans.visible(champ) && !garde.lire(champ.cle).valeur).map((champ) => ({ cle: champ.cle, texte: this.t("erreur_obligatoire", { titre: champ.libelle || question.enonce }) })));
    if (obligatoires.length) {
      ecrans.alerter(this.t(obligatoires.length > 1 ? "erreurs_titre_plusieurs" : "erreurs_titre", { n: obligatoires.length }), obligatoires);
      return;
    }
    this.envoi = { jeton: jeton(16), attend: garde.gardee && garde.attente.size > 0 };
    if (this.envoi.attend) garde.presser();
    else this.partir();
    this.rafraichir();
  }

  partir() {
    const { jeton: mien } = this.envoi;
    Object.assign(this.envoi, { attend: false, parti: Date.now() });
    if (this.garde.gardee) return this.dire({ t: "envoyer", jeton: mien });
    const reponses = Object.fromEntries([...this.garde.attente].map(([cle, entree]) => [cle, entree.valeur]));
    return this.dire({ t: "remettre", jeton: mien, reponses });
  }

  enonce(cle) {
    const question = this.ecrans.pages.flatMap(({ questions }) => questions).find(({ champs }) => champs.some((champ) => champ.cle === cle));
    return question?.enonce ?? cle;
  }

  recevoirRecu(message) {
    if (!this.envoi) return;
    this.recu = message;
    this.envoi = null;
    if (!this.garde.gardee) {
      this.garde.attente.clear();
      this.fini = true;
    }
    this.ecrans.aller("recu");
  }

  demanderRestitution(ou) {
    this.ouRestituer = ou;
    ou.replaceChildren(el("p", {}, this.t("restitution_attente")));
    this.dire({ t: "restituer" });
  }

  // The only HTML that is not made here: the kernel's own rendering, which escapes every answer.
  recevoirRestitution({ html }) {
    const contenu = el("div", {});
    contenu.innerHTML = html;
    this.ouRestituer?.replaceChildren(el("h3", {}, this.t("restitution")), contenu);
  }

  // --- leaving and coming back --------------------------------------------------------------------------------------

  ecouter() {
    this.surMessage = (message) => this.recevoir(message);
    this.model.on("msg:custom", this.surMessage);
    this.battement = setInterval(() => this.battre(), 1000);
    this.ecoutes = [
      [window, "pagehide", () => this.garde.presser()],
      [window, "offline", () => this.questionnaire && this.garde.perdre()],
      [window, "online", () => this.dire({ t: "relire" })],
      [window, "beforeunload", (evenement) => this.retenir(evenement)],
      [document, "visibilitychange", () => this.voir()],
    ];
    for (const [cible, nom, faire] of this.ecoutes) cible.addEventListener(nom, faire);
  }

  fermer() {
    clearInterval(this.battement);
    clearTimeout(this.patience);
    this.garde.fermer();
    this.model.off("msg:custom", this.surMessage);
    for (const [cible, nom, faire] of this.ecoutes) cible.removeEventListener(nom, faire);
  }

  battre() {
    if (!this.questionnaire) return;
    this.garde.veiller();
    const { envoi } = this;
    if (envoi?.parti && Date.now() - envoi.parti > DELAI_ACCUSE) {
      this.garde.perdre();
      this.partir();
      this.rafraichir();
    }
  }

  voir() {
    if (document.hidden) {
      this.cachee = Date.now();
      this.garde.presser();
      if (this.garde.coupee && this.garde.durable && !this.garde.carnet) this.recharger(); // nobody is looking
    } else if (this.questionnaire && this.garde.gardee && Date.now() - this.cachee > RELECTURE) this.dire({ t: "relire" });
  }

  // What is nowhere but in this page is not left without a question.
  retenir(evenement) {
    if (this.fini || this.passage || this.garde.durable || !this.garde.attente.size) return;
    evenement.preventDefault();
  }

  // Reloading gives a new kernel. What may not stay in this browser crosses in the tab's own store, for that instant.
  recharger() {
    if (this.questionnaire && !this.garde.durable) {
      const reponses = Object.fromEntries([...this.garde.attente].map(([cle, entree]) => [cle, entree.valeur]));
      ranger(`vigie|passage|${this.identifiant}`, JSON.stringify(reponses));
      this.passage = true;
    }
    location.reload();
  }

  reprendrePassage() {
    const nom = `vigie|passage|${this.identifiant}`;
    const texte = ranger(nom);
    ranger(nom, null);
    if (!texte) return;
    for (const [cle, valeur] of Object.entries(JSON.parse(texte))) if (this.cles().has(cle)) this.garde.changer(cle, valeur, false);
  }

  memoriserPage(page) {
    ranger(`vigie|page|${this.identifiant}`, page || null);
  }

  lirePage() {
    return ranger(`vigie|page|${this.identifiant}`) ?? "";
  }
}

// The tab's own store, when there is one: read, write, or take away (null).
function ranger(nom, texte) {
  try {
    if (texte === undefined) return sessionStorage.getItem(nom);
    if (texte === null) sessionStorage.removeItem(nom);
    else sessionStorage.setItem(nom, texte);
  } catch {
    // a browser that keeps nothing: the page starts again at its first screen
  }
  return null;
}

export default {
  render({ model, el: element }) {
    const formulaire = new Formulaire(model, element);
    return () => formulaire.fermer();
  },
};
