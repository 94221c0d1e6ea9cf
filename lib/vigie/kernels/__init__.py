"""How notebooks get a process: private sockets, a lean import, and the forked engine.

Names of the engines given to papermill (see papermill_engine): ours, and papermill's own.
"""

NOTRE = "vigie"
CELUI_DE_PAPERMILL = "vigie-papermill"
