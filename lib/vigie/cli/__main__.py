"""`python -m vigie.cli`: the same as `vigie`."""

import sys

from . import main

sys.exit(main())
