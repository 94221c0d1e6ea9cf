"""One module a livrable: `prepare(resultat, contexte)` chooses and labels what its template shows."""
