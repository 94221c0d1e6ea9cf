"""How notebooks get a process: private sockets, a lean import, and the forked engine."""
