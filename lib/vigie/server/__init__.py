"""The forms' server: who may enter, one kernel a visit, pages rendered by Voilà, a narrow channel to the form."""
