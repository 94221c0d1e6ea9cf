"""What `fabrique.py` is made of: fictional ministries, drawn from a seed. Nothing in Vigie depends on it.

alea.py draws · contenu.py reads the referentiels and the YAML of this folder · population.py makes agents and
respondents · maturite.py, competences.py, risques.py make answers · scripts.py puts in the answers written by hand in
scenario.yaml · grand.py writes scenarios of any size · fichiers.py writes the files a consultant would receive.
"""
