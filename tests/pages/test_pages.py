"""What a person can do on the pages, and what the services are asked for it."""

import pytest

from conftest import RIGHT_TO_LEFT, methods, setup
from gateway.pages.setup import free_name
from shared.contracts import security_info as contract
from shared.contracts.problem import FieldProblem, Invalid, Unavailable
