"""`python -m security_info`."""

from security_info.app import NAME, running
from security_info.settings import Settings
from shared.running import run
from shared.settings import configured

settings = configured(Settings)
run(NAME, settings, running(settings))
