"""`python -m privacy`."""

from privacy.app import NAME, running
from privacy.settings import Settings
from shared.running import run
from shared.settings import configured

settings = configured(Settings)
run(NAME, settings, running(settings))
