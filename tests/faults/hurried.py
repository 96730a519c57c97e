"""A service as it is, but that what waits with letters waits `HURRY` times shorter, or is one sender's for `LEASE`."""

import os
import runpy
from datetime import timedelta

from security_info.methods import reachable
from shared.sending import mail, sender, webhook

SHORTEST_SEND = 1.0
"""Seconds; less would be too little for a machine that has other things to do."""


def hurry(times: float) -> None:
    """Shorten every wait of letters alike, so that as many attempts are made as in real time."""
    sender.SWEEP_EVERY /= times
    sender._FIRST_PAUSE /= times
    sender._LONGEST_PAUSE /= times
    mail.SECONDS = max(SHORTEST_SEND, mail.SECONDS / times)
    webhook.SECONDS = max(SHORTEST_SEND, webhook.SECONDS / times)
    sender.SEND_SECONDS = mail.SECONDS * 4 / 3
    for way in reachable.LIFETIMES:
        reachable.LIFETIMES[way] /= times


if __name__ == "__main__":
    hurry(float(os.environ["HURRY"]))
    if "LEASE" in os.environ:
        sender.Sender.__init__.__kwdefaults__["lease"] = timedelta(seconds=float(os.environ["LEASE"]))
    runpy.run_module(os.environ["SERVICE"].replace("-", "_"), run_name="__main__")
