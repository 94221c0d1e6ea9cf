"""Vigie: the notebook kit that carries out sheet no. 3 of the DGAFP toolbox."""

__version__ = "0.1.0"
