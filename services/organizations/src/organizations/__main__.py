"""`python -m organizations`."""

from organizations.app import NAME, running
from organizations.settings import Settings
from shared.running import run
from shared.settings import configured

settings = configured(Settings)
run(NAME, settings, running(settings))
