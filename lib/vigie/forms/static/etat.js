// The line that says whether what is on screen is in the store, in few words, to the eye and to screen readers.

const RETOUR_AFFICHE = 8000;
const LENT = 1000;

class LigneEtat {
  // `aller(cle)` shows the field of an answer; `recharger()` reloads the page without losing anything.
  constructor(garde, t, aller, recharger) {
    Object.assign(this, { garde, t, aller, recharger });
    this.texte = el("span", { class: "vq-etat-texte" });
    this.action = el("span", {});
    this.annonce = el("span", { class: "vq-lu", role: "status", "aria-live": "polite" });
    this.element = el("div", { class: "vq-etat" }, this.texte, this.action, this.annonce);
  }

  montrer() {
    const { nature, texte, action } = this.situation();
    this.element.dataset.etat = nature;
    if (this.texte.textContent !== texte) this.texte.textContent = texte;
    if (this.actuelle !== (action?.cle ?? "")) {
      this.actuelle = action?.cle ?? "";
      this.action.replaceChildren(...(action ? [bouton(action.texte, action.faire, { class: "vq-bouton vq-petit" })] : []));
    }
    this.annoncer(nature, texte);
  }

  // What waits for a person comes first, then what waits for the network, then what is done.
  situation() {
    const { garde, t } = this;
    const compte = (cle, n) => t(n > 1 ? `${cle}_plusieurs` : cle, { n });
    const voir = (cles) => ({ cle: `voir ${cles[0]}`, texte: t("voir"), faire: () => this.aller(cles[0]) });
    if (garde.refus.size) return { nature: "refus", texte: compte("a_corriger", garde.refus.size), action: voir([...garde.refus.keys()]) };
    if (garde.conflits.size) return { nature: "conflit", texte: compte("a_confirmer", garde.conflits.size), action: voir([...garde.conflits.keys()]) };
    if (garde.horsConnexion) return this.horsConnexion();
    if (garde.gardee && garde.attente.size) return { nature: "envoi", texte: t("enregistrement") };
    if (garde.revenue) return { nature: "retour", texte: t("de_nouveau") };
    if (garde.heure) return { nature: "fait", texte: t("enregistre", { heure: garde.heure }) };
    return { nature: "repos", texte: garde.gardee ? "" : t("rien_enregistre") };
  }

  horsConnexion() {
    const { garde, t } = this;
    const recharger = { cle: "recharger", texte: t("recharger"), faire: this.recharger };
    if (garde.coupee) return { nature: "hors", texte: t(garde.carnet ? "coupe_carnet" : "coupe"), action: garde.carnet ? null : recharger };
    return { nature: "hors", texte: t(garde.durable ? "hors_connexion" : "hors_connexion_memoire") };
  }

  // « Enregistrement… » is only spoken when it lasts; the rest when it changes.
  annoncer(nature, texte) {
    clearTimeout(this.lent);
    const dire = () => {
      if (this.annonce.textContent !== texte) this.annonce.textContent = texte;
    };
    if (nature === "envoi") this.lent = setTimeout(dire, LENT);
    else dire();
    if (nature !== "retour") return;
    clearTimeout(this.retour);
    this.retour = setTimeout(() => {
      this.garde.revenue = false;
      this.montrer();
    }, RETOUR_AFFICHE);
  }
}
