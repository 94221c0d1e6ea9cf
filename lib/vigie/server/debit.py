"""How fast one may ask: so much at once, then so much a second. For a page's messages, an address, a link."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict

from .reglages import Debit

_RESEAU_IPV6 = 64
"""Bits of an IPv6 address that name a house: the rest is the visitor's to change at will."""


class Seau:
    """What is left of a Debit now."""

    def __init__(self, debit: Debit) -> None:
        self.debit = debit
        self.reste, self.le = float(debit.rafale), time.monotonic()

    def prendre(self) -> bool:
        self._remplir()
        if self.reste < 1:
            return False
        self.reste -= 1
        return True

    @property
    def attente_s(self) -> int:
        """Whole seconds before something may be taken again."""
        self._remplir()
        return max(0, math.ceil((1 - self.reste) / self.debit.par_seconde))

    def _remplir(self) -> None:
        now = time.monotonic()
        self.reste = min(self.debit.rafale, self.reste + (now - self.le) * self.debit.par_seconde)
        self.le = now


class Compteur:
    """One Seau a name, for so many names: who asks for nothing any more is forgotten first."""

    def __init__(self, noms_max: int) -> None:
        self._noms_max = noms_max
        self._seaux: OrderedDict[str, Seau] = OrderedDict()

    def prendre(self, nom: str, debit: Debit) -> int:
        """0 when it may be, else the seconds to wait."""
        seau = self._seaux.get(nom) or Seau(debit)
        self._seaux[nom] = seau
        self._seaux.move_to_end(nom)
        if len(self._seaux) > self._noms_max:
            self._seaux.popitem(last=False)
        return 0 if seau.prendre() else seau.attente_s

    def __len__(self) -> int:
        return len(self._seaux)


def visitor_address(pair: str, transmise: str | None, derriere: bool) -> str:
    """Whom to count. `pair`: who is connected; `transmise`: the header X-Forwarded-For, which anyone may write.

    Only behind a proxy is the header read, and of it the last address, the one that the proxy itself added. An IPv6
    address stands for its network.
    """
    said = transmise.rsplit(",", 1)[-1].strip() if derriere and transmise else ""
    for text in (said, pair):
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            continue
        if address.version == 6 and address.ipv4_mapped is None:
            return str(ipaddress.ip_network((address, _RESEAU_IPV6), strict=False))
        return str(getattr(address, "ipv4_mapped", None) or address)
    return pair
