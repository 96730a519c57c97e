"""Gather and check every text with `python -m gateway.translations`: the gateway's own and those that it shares."""

import sys

from shared.telling.gathering import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
