"""`python -m gateway`."""

from gateway.app import NAME, running
from gateway.settings import Settings
from shared.running import run
from shared.settings import configured

settings = configured(Settings)
run(NAME, settings, running(settings))
