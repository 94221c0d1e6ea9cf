"""Rules of calculation with the values the referentiels hold, for the annexes of reports and documents."""
