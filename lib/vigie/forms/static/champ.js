// One field of a question: its inputs, and what goes with them. Native elements only.
//
// `contexte`: {garde, t(cle, mots), change(vu)}. The value lives in the Garde; what is on screen only shows it.

class ChampVu {
  constructor(champ, question, contexte) {
    Object.assign(this, { champ, question, contexte, nom: identifiant(), textes: [] });
    this.message = el("p", { class: "vq-erreur", id: identifiant(), hidden: true });
    this.conflit = el("div", {});
    const corps = champ.forme === "choix" ? this.choix() : this.seul();
    const effacer = champ.forme === "choix" ? this.boutonEffacer() : null;
    this.element = el("div", { class: "vq-champ", "data-cle": champ.cle }, this.message, this.conflit, corps, this.complements(), effacer);
    this.montrer();
  }

  // --- radio buttons ------------------------------------------------------------------------------------------------

  choix() {
    const { champ } = this;
    const { t } = this.contexte;
    const options = [...(champ.options ?? [])];
    if (champ.ne_sait_pas) options.push({ etat: "ne_sait_pas", libelle: t("ne_sait_pas") });
    if (champ.sans_objet) options.push({ etat: "sans_objet", libelle: t("sans_objet"), detail: champ.sans_objet });
    this.radios = options.map((option) => this.radio(option));
    this.rappel = el("p", { class: "vq-rappel", role: "status" });
    const liste = el("div", { class: champ.en_ligne ? "vq-options vq-en-ligne" : "vq-options" }, this.radios.map(({ ligne }) => ligne));
    if (!champ.libelle) return [liste, this.rappel];
    const aide = champ.aide ? el("p", { class: "vq-aide" }, champ.aide) : null;
    return el("fieldset", { class: "vq-groupe" }, el("legend", {}, champ.libelle), aide, liste, this.rappel);
  }

  radio(option) {
    const id = identifiant();
    const valeur = option.valeur ?? option.etat;
    const decrit = { "aria-describedby": this.message.id };
    const entree = el("input", { type: "radio", id, name: this.nom, value: valeur, ...decrit, onchange: () => this.choisir(option) });
    const detail = option.detail ? [" ", el("span", { class: "vq-detail" }, option.detail)] : null;
    const label = el("label", { for: id }, el("span", { class: "vq-nom" }, option.libelle), detail);
    return { option, entree, ligne: el("div", { class: "vq-option" }, entree, label) };
  }

  choisir(option) {
    const valeur = this.lire();
    valeur.etat = option.etat ?? "niveau";
    valeur.valeur = option.etat ? "" : option.valeur;
    this.changer(valeur, false);
    if (this.depliant && option.preuve_utile) this.depliant.open = true;
  }

  boutonEffacer() {
    const { t } = this.contexte;
    const precise = lu(`, ${this.question.id} ${this.champ.libelle ?? ""}`);
    this.effacer = el("button", { type: "button", class: "vq-lien", onclick: () => this.vider() }, t("effacer"), precise);
    return this.effacer;
  }

  vider() {
    this.changer({ ...this.lire(), etat: "", valeur: "" }, false);
    this.montrer();
    this.radios[0].entree.focus();
  }

  // --- a text or a number alone -------------------------------------------------------------------------------------

  seul() {
    const { champ, question } = this;
    const id = identifiant();
    const aide = champ.aide ? el("span", { class: "vq-aide", id: `${id}-a` }, champ.aide) : null;
    const long = champ.forme === "texte_long";
    const nombre = champ.forme === "nombre";
    this.entree = el(long ? "textarea" : "input", {
      id,
      type: long ? undefined : "text",
      rows: long ? 5 : undefined,
      inputmode: nombre ? "decimal" : undefined,
      size: nombre ? 6 : undefined,
      class: nombre ? "vq-court" : undefined,
      maxlength: champ.limite || undefined,
      autocomplete: "off",
      "aria-describedby": aide ? `${id}-a ${this.message.id}` : this.message.id,
      "aria-required": champ.obligatoire ? "true" : undefined,
      oninput: () => this.saisir(true),
      onchange: () => this.saisir(false),
    });
    const unite = champ.unite ? lu(` (${champ.unite})`) : null;
    // alone under its legend, a text needs no label to the eye
    const label = el("label", { for: id, class: champ.libelle ? undefined : "vq-lu" }, champ.libelle || question.enonce, unite);
    const signe = champ.unite ? el("span", { "aria-hidden": "true" }, ` ${champ.unite}`) : null;
    return el("div", { class: "vq-texte" }, label, aide, el("span", { class: "vq-saisie" }, this.entree, signe));
  }

  saisir(tard) {
    const valeur = this.lire();
    valeur.valeur = nettoyer(this.entree.value);
    valeur.etat = valeur.valeur ? "niveau" : "";
    this.changer(valeur, tard);
  }

  // --- texts that go with an answer ---------------------------------------------------------------------------------

  complements() {
    const { champ } = this;
    const { t } = this.contexte;
    const blocs = (champ.complements ?? []).map((complement) => this.complement(complement));
    if (champ.motif_sans_objet) this.motif = this.complement(champ.motif_sans_objet);
    if (blocs.length > 1) {
      const resume = el("summary", {}, t("complements"), lu(`, ${this.question.id}`));
      this.depliant = el("details", { class: "vq-complements" }, resume, blocs);
    }
    return [this.motif, this.depliant ?? blocs];
  }

  complement({ nom, libelle, aide, limite }) {
    const id = identifiant();
    const long = nom === "commentaire" && limite > 1000;
    const entree = el(long ? "textarea" : "input", {
      id,
      type: long ? undefined : "text",
      rows: long ? 2 : undefined,
      maxlength: limite || undefined,
      autocomplete: "off",
      "aria-describedby": aide ? `${id}-a` : undefined,
      oninput: () => this.completer(nom, entree, true),
      onchange: () => this.completer(nom, entree, false),
    });
    this.textes.push({ nom, libelle, entree });
    const precise = lu(`, ${this.question.id} ${this.champ.libelle ?? ""}`);
    const note = aide ? el("span", { class: "vq-aide", id: `${id}-a` }, aide) : null;
    return el("div", { class: "vq-texte" }, el("label", { for: id }, libelle, precise), note, entree);
  }

  completer(nom, entree, tard) {
    const valeur = this.lire();
    valeur[nom] = nettoyer(entree.value);
    for (const autre of this.textes) if (autre.nom === nom && autre.entree !== entree) autre.entree.value = valeur[nom];
    this.changer(valeur, tard);
  }

  // --- reading and showing ------------------------------------------------------------------------------------------

  lire() {
    return this.contexte.garde.lire(this.champ.cle);
  }

  changer(valeur, tard) {
    this.contexte.garde.changer(this.champ.cle, valeur, tard);
    this.dire(this.contexte.garde.refus.get(this.champ.cle) ?? "");
    this.accompagner(valeur);
    this.contexte.change(this);
  }

  // The answer as it stands, whoever gave it.
  montrer() {
    const valeur = this.lire();
    for (const { option, entree } of this.radios ?? []) entree.checked = this.estChoisie(option, valeur);
    if (this.entree && nettoyer(this.entree.value) !== valeur.valeur) this.entree.value = valeur.valeur;
    for (const { nom, entree } of this.textes) if (nettoyer(entree.value) !== valeur[nom]) entree.value = valeur[nom];
    this.accompagner(valeur);
    if (this.depliant && (valeur.preuve || valeur.indicateur || (valeur.commentaire && valeur.etat !== "sans_objet")))
      this.depliant.open = true;
    this.dire(this.contexte.garde.refus.get(this.champ.cle) ?? "");
    this.confronter();
  }

  estChoisie(option, valeur) {
    return option.etat ? option.etat === valeur.etat : valeur.etat === "niveau" && option.valeur === valeur.valeur;
  }

  // What depends on the answer: the reason of « sans objet », the reminder of evidence, the button that erases.
  accompagner(valeur) {
    const choisie = this.radios?.find(({ option }) => this.estChoisie(option, valeur))?.option;
    if (this.motif) this.motif.hidden = valeur.etat !== "sans_objet";
    if (this.effacer) this.effacer.hidden = !choisie;
    if (!this.rappel) return;
    const rappel = choisie?.rappel && !valeur.preuve ? choisie.rappel : "";
    if (this.rappel.textContent !== rappel) this.rappel.textContent = rappel;
  }

  // An error under the statement, tied to the inputs; "" takes it away.
  dire(texte) {
    if (this.message.textContent === texte) return;
    this.message.textContent = texte;
    this.message.hidden = !texte;
    this.element.classList.toggle("vq-invalide", !!texte);
    if (this.entree) texte ? this.entree.setAttribute("aria-invalid", "true") : this.entree.removeAttribute("aria-invalid");
  }

  // Two answers: this page's, and one that came from elsewhere. Nothing is sent before the person has chosen.
  confronter() {
    const { garde, t } = this.contexte;
    const ailleurs = garde.conflits.get(this.champ.cle);
    this.conflit.replaceChildren();
    if (!ailleurs) return;
    const titre = identifiant();
    const ligne = (nom, valeur) => el("div", {}, el("dt", {}, nom), el("dd", {}, this.dicter(valeur)));
    this.conflit.append(
      el(
        "div",
        { class: "vq-conflit", role: "group", "aria-labelledby": titre },
        el("p", { class: "vq-conflit-titre", id: titre }, t("conflit_titre")),
        el("p", {}, t("conflit_texte")),
        el("dl", {}, ligne(t("conflit_ici"), this.lire()), ligne(t("conflit_ailleurs"), ailleurs.valeur)),
        el("div", { class: "vq-boutons" }, bouton(t("conflit_garder_ici"), () => this.trancher(true), second), bouton(t("conflit_garder_ailleurs"), () => this.trancher(false), second)),
      ),
    );
  }

  trancher(ici) {
    this.contexte.garde.trancher(this.champ.cle, ici);
    this.montrer();
    this.contexte.change(this);
    this.prendreFocus();
  }

  prendreFocus() {
    const radio = this.radios?.find(({ entree }) => entree.checked) ?? this.radios?.[0];
    (radio?.entree ?? this.entree).focus();
  }

  // An answer in words.
  dicter(valeur) {
    const { t } = this.contexte;
    const option = this.radios?.find(({ option: une }) => this.estChoisie(une, valeur))?.option;
    const reponse = option?.libelle || valeur.valeur || t("sans_reponse");
    const textes = (this.champ.complements ?? []).filter(({ nom }) => valeur[nom]);
    return [reponse, ...textes.map(({ nom, libelle }) => `${libelle}\u00a0: ${valeur[nom]}`)].join("\u202f; ");
  }
}

// A whole answer: « sans objet », and a choice that must be explained, need their reason. As in _saisies.answered.
function repondu(champ, valeur) {
  if (!valeur.etat) return false;
  const motif = champ.motif_requis || (valeur.etat === "sans_objet" && champ.motif_sans_objet);
  return !motif || valeur.commentaire.trim() !== "";
}

// A question: a fieldset whose legend is the statement, its help, its fields, why it is asked.
function questionVue(question, contexte) {
  const { t } = contexte;
  const champs = question.champs.map((champ) => new ChampVu(champ, question, contexte));
  const obligatoire = question.champs.some((champ) => champ.obligatoire);
  const legende = el(
    "legend",
    { class: "vq-enonce" },
    court(question.id) ? el("span", { class: "vq-id" }, court(question.id), " ") : null,
    question.enonce,
    obligatoire ? el("span", { class: "vq-obligatoire" }, ` (${t("obligatoire")})`) : null,
  );
  const aides = (question.aide ?? []).map((texte) => el("p", { class: "vq-aide" }, texte));
  const attendue = question.preuve_attendue
    ? el("p", { class: "vq-aide" }, el("strong", {}, `${t("preuve_attendue")}\u00a0: `), question.preuve_attendue)
    : null;
  const element = el(
    "fieldset",
    { class: "vq-question", tabindex: "-1", "data-question": question.id },
    legende,
    aides,
    champs.map((vu) => vu.element),
    attendue,
    pourquoiVu(question, t),
  );
  return { question, champs, element };
}

function pourquoiVu(question, t) {
  const { idees = [], regles = [] } = question.pourquoi ?? {};
  if (!idees.length && !regles.length) return null;
  const liste = (titre, lignes) =>
    lignes.length ? [el("p", { class: "vq-aide" }, el("strong", {}, titre)), el("ul", {}, lignes.map((ligne) => el("li", {}, ligne)))] : null;
  const resume = el("summary", {}, t("pourquoi"), lu(` ${question.id}`));
  return el("details", { class: "vq-pourquoi" }, resume, liste(t("idees"), idees), liste(t("regles_liees"), regles));
}
