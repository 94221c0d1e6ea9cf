"""Pure functions: a Dossier in, a Resultat out. One public module a step, whose helpers carry its name."""
