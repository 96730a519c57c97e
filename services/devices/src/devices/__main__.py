"""`python -m devices`."""

from devices.app import NAME, running
from devices.settings import Settings
from shared.running import run
from shared.settings import configured

settings = configured(Settings)
run(NAME, settings, running(settings))
