"""What every test needs before anything else is imported."""

import os

# One thread a process, as the batch's own: numpy would otherwise start threads that forbid forking.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
