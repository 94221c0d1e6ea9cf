// Small things every screen is made of.

// An element. `attributs`: attributes, or listeners (onclick…); children: elements, texts, or nothing.
function el(nom, attributs = {}, ...enfants) {
  const element = document.createElement(nom);
  for (const [cle, valeur] of Object.entries(attributs)) {
    if (valeur === undefined || valeur === null || valeur === false) continue;
    if (cle.startsWith("on")) element.addEventListener(cle.slice(2), valeur);
    else element.setAttribute(cle, valeur === true ? "" : valeur);
  }
  element.append(...enfants.flat(3).filter((enfant) => enfant !== undefined && enfant !== null && enfant !== false));
  return element;
}

// Read aloud, not shown.
const lu = (texte) => el("span", { class: "vq-lu" }, texte);

// « {n} sur {total} » with its words.
const remplir = (texte, mots) => texte.replace(/\{(\w+)\}/g, (tout, mot) => mots[mot] ?? tout);

// What a base cannot hold, or nobody can see, becomes a space as it is typed or pasted.
const nettoyer = (texte) => texte.replace(/[\u0000-\u0008\u000b-\u001f\u007f]|\p{Surrogate}/gu, " ");

// An id that a reader knows (D1.1, MET01-T2, E13) is shown; one of ours is not.
const court = (id) => (/^([A-Z]\d{1,2}(\.\d+)?|MET\d+-T\d+)$/.test(id) ? id : "");

let numero = 0;
const identifiant = () => `vq-${++numero}`;

function bouton(texte, action, attributs = {}) {
  return el("button", { type: "button", class: "vq-bouton", onclick: action, ...attributs }, texte);
}

const second = { class: "vq-bouton vq-second" };
