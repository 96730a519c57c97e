"""A service as it is, but that it sweeps `OFTEN` seconds after it last did; organizations unless `SERVICE` says."""

import os
import runpy

from shared import sweeping

if __name__ == "__main__":
    sweeping.SWEEP_EVERY = float(os.environ["OFTEN"])
    runpy.run_module(os.environ.get("SERVICE", "organizations").replace("-", "_"), run_name="__main__")
