"""Organizations as it is, but that it looks for memberships to purge `OFTEN` seconds after it last did."""

import os
import runpy

from organizations import purging

if __name__ == "__main__":
    purging.SWEEP_EVERY = float(os.environ["OFTEN"])
    runpy.run_module("organizations", run_name="__main__")
