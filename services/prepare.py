"""The name under which the start prepared the home before there were wings: units and scripts that use it go on."""

from __future__ import annotations

import sys

from services.setup.prepare import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
