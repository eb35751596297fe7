"""`python -m bigrules` is the same as `bigrules`."""

import sys

from bigrules.cli import main

if __name__ == "__main__":
    sys.exit(main())
