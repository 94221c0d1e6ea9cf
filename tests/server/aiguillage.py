"""A load balancer as small as can be: one address, one server behind it at a time, connections cut when it changes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Aiguillage:
    def __init__(self, port: int) -> None:
        self.vers = port
        self._porte = socket.create_server(("127.0.0.1", 0))
        self.origine = f"http://127.0.0.1:{self._porte.getsockname()[1]}/"
        self._ouvertes: list[socket.socket] = []
        threading.Thread(target=self._accueillir, daemon=True).start()

    def changer(self, port: int) -> None:
        self.vers = port
        self.couper()

    def couper(self) -> None:
        for prise in self._ouvertes:
            with suppress(OSError):
                prise.shutdown(socket.SHUT_RDWR)
        self._ouvertes.clear()

    def fermer(self) -> None:
        self._porte.close()
        self.couper()

    def _accueillir(self) -> None:
        with suppress(OSError):
            while True:
                visiteur, _ = self._porte.accept()
                try:
                    serveur = socket.create_connection(("127.0.0.1", self.vers))
                except OSError:
                    visiteur.close()
                    continue
                self._ouvertes += [visiteur, serveur]
                for de, a in ((visiteur, serveur), (serveur, visiteur)):
                    threading.Thread(target=_transmettre, args=(de, a), daemon=True).start()


def _transmettre(de: socket.socket, a: socket.socket) -> None:
    with suppress(OSError):
        while donnees := de.recv(1 << 16):
            a.sendall(donnees)
    with suppress(OSError):
        a.shutdown(socket.SHUT_RDWR)


@contextmanager
def aiguillage(port: int) -> Iterator[Aiguillage]:
    devant = Aiguillage(port)
    try:
        yield devant
    finally:
        devant.fermer()
