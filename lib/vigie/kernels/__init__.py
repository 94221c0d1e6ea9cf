"""How notebooks get a process: private sockets, a lean import, and the forked engine.

Names of the engines given to papermill (see papermill_engine): ours, and papermill's own.
"""

NOTRE = "vigie"
CELUI_DE_PAPERMILL = "vigie-papermill"

SANS_CAPTURE = "--IPKernelApp.capture_fd_output=False"
OPTIONS = ("--HistoryManager.hist_file=:memory:", SANS_CAPTURE)
"""What a forked kernel of a form may be asked besides its connection file. Its history is in memory in any case:
nothing is written to the user's own, and no thread is there before the fork."""
