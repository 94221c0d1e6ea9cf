// The screens of a form, one at a time: presentation, pages, review, receipt. Focus goes to the heading of each.

class Ecrans {
  // `formulaire`: the running form (see questionnaire.js), whose questionnaire, texts and answers these screens show.
  constructor(formulaire) {
    Object.assign(this, { formulaire, racine: el("div", { class: "vq-ecran" }), vus: new Map(), ou: "accueil" });
  }

  get pages() {
    return this.formulaire.questionnaire.pages ?? [];
  }

  t(cle, mots) {
    return this.formulaire.t(cle, mots);
  }

  // --- what is done -------------------------------------------------------------------------------------------------

  // {faites, total, facultatif} of a page; `total` counts what is missed when it is not answered.
  avancement(page) {
    const { garde } = this.formulaire;
    let faites = 0;
    let total = 0;
    let remplies = 0;
    for (const question of page.questions) {
      for (const champ of question.champs) {
        const oui = repondu(champ, garde.lire(champ.cle));
        remplies += oui;
        if (page.facultative || question.facultative || !champ.requis || !this.visible(champ)) continue;
        total += 1;
        faites += oui;
      }
    }
    return { faites, total, remplies };
  }

  visible(champ) {
    return !champ.si || champ.si.valeurs.includes(this.formulaire.garde.lire(champ.si.cle).valeur);
  }

  complete(page) {
    const { faites, total, remplies } = this.avancement(page);
    return total ? faites === total : remplies > 0;
  }

  bilan(page) {
    const { faites, total, remplies } = this.avancement(page);
    if (this.aConfirmer(page)) return this.t("page_a_confirmer");
    if (!total) return remplies ? this.t("page_remplie", { n: remplies }) : this.t("page_facultative");
    if (faites === total) return this.t("page_complete");
    return faites ? this.t("page_partielle", { n: faites, total }) : this.t("page_vide");
  }

  aConfirmer(page) {
    const { garde } = this.formulaire;
    return page.questions.some((question) => question.champs.some(({ cle }) => garde.conflits.has(cle) || garde.refus.has(cle)));
  }

  manquantes() {
    const { garde } = this.formulaire;
    return this.pages.flatMap((page) =>
      page.facultative
        ? []
        : page.questions
            .filter((question) => !question.facultative && question.champs.some((champ) => champ.requis && this.visible(champ) && !repondu(champ, garde.lire(champ.cle))))
            .map((question) => ({ page, question })),
    );
  }

  // --- going somewhere ----------------------------------------------------------------------------------------------

  // `ou`: « accueil », the id of a page, « fin », « recu ».
  aller(ou, focus = true) {
    this.ou = ou;
    this.vus.clear();
    this.alerte = this.envoi = this.sous = null;
    const page = this.pages.find(({ id }) => id === ou);
    const contenu = page ? this.page(page) : ou === "fin" ? this.fin() : ou === "recu" ? this.recu() : this.accueil();
    this.racine.replaceChildren(...contenu.flat(2).filter(Boolean));
    this.formulaire.memoriserPage(page || ou === "fin" ? ou : "");
    this.formulaire.rafraichir();
    if (!focus) return;
    this.racine.querySelector("h3")?.focus({ preventScroll: true });
    this.formulaire.racine.scrollIntoView({ block: "start" });
  }

  // The question that holds a field.
  allerAu(cle) {
    const page = this.pages.find((une) => une.questions.some((question) => question.champs.some((champ) => champ.cle === cle)));
    if (!page) return;
    if (this.ou !== page.id) this.aller(page.id, false);
    const vu = this.vus.get(cle);
    vu.element.closest("details:not([open])")?.setAttribute("open", "");
    vu.element.scrollIntoView({ block: "center" });
    (vu.conflit.querySelector("button") ?? vu).focus?.();
    if (!vu.conflit.querySelector("button")) vu.prendreFocus();
  }

  titre(texte) {
    return el("h3", { tabindex: "-1", class: "vq-titre-page" }, texte);
  }

  boutons(...liste) {
    return el("div", { class: "vq-boutons vq-pied" }, ...liste);
  }

  // --- presentation -------------------------------------------------------------------------------------------------

  accueil() {
    const { questionnaire: q, garde } = this.formulaire;
    const faites = this.pages.flatMap((page) => page.questions.flatMap(({ champs }) => champs)).filter((champ) => repondu(champ, garde.lire(champ.cle))).length;
    const total = this.pages.reduce((somme, page) => somme + this.avancement(page).total, 0);
    const suivante = this.pages.find((page) => !page.facultative && !this.complete(page));
    const ou = !faites ? this.pages[0] : suivante;
    const ligne = (terme, texte) => (texte ? el("div", {}, el("dt", {}, terme), el("dd", {}, texte)) : null);
    if (!this.pages.length) return [this.titre(q.titre), el("p", {}, this.t("rien_a_choisir"))];
    return [
      this.titre(this.t("accueil")),
      (q.introduction ?? []).map((texte) => el("p", {}, texte)),
      el("dl", { class: "vq-faits" }, ligne(this.t("duree"), q.duree), ligne(this.t("echeance"), q.echeance)),
      el("div", { class: "vq-encart" }, el("h4", {}, this.t("vos_reponses")), el("ul", {}, (q.confidentialite ?? []).map((texte) => el("li", {}, texte)))),
      faites ? el("p", { class: "vq-repris" }, this.t(faites > 1 ? "deja_repondu" : "deja_repondu_un", { n: faites, total })) : null,
      this.boutons(
        faites ? bouton(this.t("relire"), () => this.aller("fin"), ou ? second : {}) : null,
        ou ? bouton(faites ? this.t("reprendre", { titre: ou.titre }) : this.t("commencer"), () => this.aller(ou.id)) : null,
      ),
    ];
  }

  // --- a page -------------------------------------------------------------------------------------------------------

  page(page) {
    const rang = this.pages.indexOf(page);
    const contexte = { garde: this.formulaire.garde, t: (cle, mots) => this.t(cle, mots), change: () => this.change(page) };
    const vues = page.questions.map((question) => questionVue(question, contexte));
    for (const vue of vues) for (const vu of vue.champs) this.vus.set(vu.champ.cle, vu);
    const attendues = vues.filter((vue) => !vue.question.facultative).map((vue) => vue.element);
    const autres = vues.filter((vue) => vue.question.facultative).map((vue) => vue.element);
    const suivante = this.pages[rang + 1];
    this.conditions();
    return [
      this.titre(this.nommer(page)),
      (page.texte ?? []).map((texte) => el("p", {}, texte)),
      (page.echelles ?? []).map((echelle) => this.echelle(echelle)),
      attendues,
      autres.length ? el("details", { class: "vq-autres", open: !attendues.length || this.repondues(vues) }, el("summary", {}, this.t("complements_facultatifs")), autres) : null,
      this.boutons(
        bouton(this.t("precedente"), () => this.aller(rang ? this.pages[rang - 1].id : "accueil"), second),
        suivante ? bouton(this.t("suivante"), () => this.aller(suivante.id)) : bouton(this.t("relire"), () => this.aller("fin")),
      ),
    ];
  }

  // « Page 2 sur 8 : Former »; a form of one page has only its title.
  nommer(page) {
    const mots = { page: this.pages.indexOf(page) + 1, pages: this.pages.length, titre: page.titre };
    return mots.pages > 1 ? this.t("page_n_sur_m", mots) : page.titre;
  }

  repondues(vues) {
    return vues.some((vue) => vue.question.facultative && vue.champs.some((vu) => vu.lire().etat));
  }

  echelle({ titre, lignes }) {
    const resume = el("summary", {}, `${this.t("echelle")}\u00a0: ${titre}`);
    return el("details", { class: "vq-echelle" }, resume, el("dl", {}, lignes.map(([nom, sens]) => el("div", {}, el("dt", {}, nom), el("dd", {}, sens)))));
  }

  change() {
    this.conditions();
    this.formulaire.rafraichir();
  }

  conditions() {
    for (const vu of this.vus.values()) if (vu.champ.si) vu.element.hidden = !this.visible(vu.champ);
  }

  // --- review and sending -------------------------------------------------------------------------------------------

  fin() {
    const { gardee } = this.formulaire.garde;
    const manquantes = this.manquantes();
    const lignes = manquantes.map(({ page, question }) =>
      el("li", {}, el("button", { type: "button", class: "vq-lien", onclick: () => this.allerAu(question.champs.find((champ) => this.visible(champ) && !repondu(champ, this.formulaire.garde.lire(champ.cle))).cle) }, `${court(question.id)} ${question.enonce}`.trim())),
    );
    this.alerte = el("div", { class: "vq-alerte", tabindex: "-1", hidden: true });
    return [
      this.titre(this.t("fin")),
      this.alerte,
      el("p", {}, this.t(gardee ? "relire_texte" : "relire_texte_envoi")),
      lignes.length ? [el("h4", {}, `${this.t("relire_manquantes")} (${lignes.length})`), el("ul", { class: "vq-manquantes" }, lignes)] : el("p", {}, this.t("relire_aucune")),
      this.boutons(
        bouton(this.t("precedente"), () => this.aller(this.pages.at(-1).id), second),
        this.formulaire.restituable ? bouton(this.t("restitution_bouton"), () => this.formulaire.demanderRestitution(this.sous), second) : null,
        (this.envoi = bouton(this.t("envoyer"), () => this.formulaire.remettre())),
      ),
      (this.sous = el("div", { class: "vq-restitution", "aria-live": "polite" })),
    ];
  }

  // Why nothing was sent, with a way to each thing to mend.
  alerter(titre, liens = []) {
    if (!this.alerte) return;
    const lignes = liens.map(({ cle, texte }) => el("li", {}, el("button", { type: "button", class: "vq-lien", onclick: () => this.allerAu(cle) }, texte)));
    this.alerte.replaceChildren(el("p", { class: "vq-alerte-titre" }, titre), ...(lignes.length ? [el("ul", {}, lignes)] : []));
    this.alerte.hidden = false;
    this.alerte.focus();
  }

  // --- receipt ------------------------------------------------------------------------------------------------------

  recu() {
    const { recu, garde, restituable, questionnaire: q } = this.formulaire;
    const ligne = (terme, texte) => (texte === "" ? null : el("div", {}, el("dt", {}, terme), el("dd", {}, String(texte))));
    const restitution = el("section", { class: "vq-restitution", "aria-label": this.t("restitution") });
    if (restituable) this.formulaire.demanderRestitution(restitution);
    return [
      this.titre(this.t("recu_titre")),
      el("dl", { class: "vq-faits vq-recu" }, ligne(this.t("recu_numero"), recu.numero), ligne(this.t("recu_date"), recu.date), ligne(this.t("recu_reponses"), recu.nombre), ligne(this.t("recu_restantes"), recu.restantes)),
      el("p", {}, this.t(garde.gardee ? "recu_suite" : q.genre === "signalement" ? "recu_signalement" : "recu_suite_anonyme")),
      this.boutons(
        bouton(this.t("imprimer"), () => window.print(), second),
        garde.gardee ? bouton(this.t("reprendre_questionnaire"), () => this.aller(this.pages[0].id), second) : null,
      ),
      restituable ? restitution : null,
    ];
  }
}
