"""House rules that are read off the sources, so that nobody has to remember them."""

import ast
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    file
    for place in ("shared/src", "gateway/src", "services", "deploy/onebox/src")
    for file in (ROOT / place).rglob("*.py")
)
RUNNING = [file for file in SOURCES if "onebox" not in file.parts]
HANDLERS = [file for file in SOURCES if file.name in {"handlers.py", "system_handlers.py", "reactions.py"}]
PURE = {
    *("model.py", "account.py", "organization.py", "accounts.py", "sessions.py"),
    *("deciding.py", "belonging.py", "enrolling.py", "locking.py", "managing.py", "policy.py", "questions.py"),
    *("quotas.py", "reaching.py", "noticing.py", "owning.py", "membership.py"),
    *("agreeing.py", "connections.py", "languages.py", "register.py", "registering.py", "rendering.py"),
}
RULES = [
    file
    for file in RUNNING
    if (file.name in PURE and file.parent.name != "pages") or file.parent.name in {"contracts", "methods", "telling"}
]
LONGEST = 300
LOGGING = {"debug", "info", "warning", "error", "critical", "exception", "bind", "log"}
SECRET_TYPES = {"Secret", "SecretStr", "Code"}


def short(file):
    return str(file.relative_to(ROOT))


def tree_of(file):
    return ast.parse(file.read_text("utf-8"), str(file))


def names_in(node):
    """Name every variable, attribute and type that is mentioned."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr


@cache
def secret_names():
    """Name all that is declared anywhere as holding a secret."""
    found = set()
    for node in chain.from_iterable(ast.walk(tree_of(file)) for file in RUNNING):
        annotated = isinstance(node, ast.AnnAssign | ast.arg) and node.annotation is not None
        if annotated and SECRET_TYPES & set(names_in(node.annotation)):
            found.add(node.arg if isinstance(node, ast.arg) else next(names_in(node.target)))
    return found


def log_calls(tree):
    """Give each call of a logger: a method of a name that ends with `log`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LOGGING:
            owner = node.func.value
            name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
            if name.endswith("log") or name == "logger":
                yield node


def tells_secrets(tree, secrets):
    """Give the lines on which a logger is told a secret, or what opens one."""
    opening = secrets | {"get_secret_value", "secret", "token", "id_token", "password", "cookies", "headers"}
    for call in log_calls(tree):
        told = chain(call.args, (keyword.value for keyword in call.keywords))
        if opening & set(chain.from_iterable(map(names_in, told))):
            yield call.lineno


@pytest.mark.parametrize("file", SOURCES, ids=short)
def test_a_file_can_be_read_in_one_go(file):
    assert len(file.read_text("utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("file", RUNNING, ids=short)
def test_what_is_said_is_said_to_the_log(file):
    called = [node.func for node in ast.walk(tree_of(file)) if isinstance(node, ast.Call)]
    assert not [node.lineno for node in called if isinstance(node, ast.Name) and node.id in {"print", "breakpoint"}]


@pytest.mark.parametrize("file", RUNNING, ids=short)
def test_no_logger_is_told_a_secret(file):
    assert not list(tells_secrets(tree_of(file), secret_names()))


@pytest.mark.parametrize(
    "bad",
    [
        "_log.info('x', code=wish.code)",
        "self._log.error('x', client_secret)",
        "log.debug(f'{method.key}')",
        "_log.bind(url=settings.amqp_url)",
        "_log.warning('x', y=given.get_secret_value())",
        "_log.info('x', sent=request.headers)",
    ],
)
def test_that_rule_notices(bad):
    assert list(tells_secrets(ast.parse(bad), secret_names()))


def test_the_secrets_of_today_are_known():
    assert {"key", "code", "id_token", "client_secret", "amqp_url", "mongo_url", "signing_key"} <= secret_names()


@pytest.mark.parametrize("file", HANDLERS, ids=short)
def test_handlers_speak_of_models_and_problems_and_never_of_status_codes(file):
    tree = tree_of(file)
    numbers = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, int)]
    assert not [node.lineno for node in numbers if 100 <= node.value <= 599]
    assert not {"status", "HTTPStatus", "Response", "web"} & set(names_in(tree))


@pytest.mark.parametrize("file", HANDLERS, ids=short)
def test_handlers_and_reactions_are_short(file):
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 15, node.name


@pytest.mark.parametrize("file", RULES, ids=short)
def test_no_rule_reads_the_clock_or_draws_by_itself(file):
    assert not {"now", "utcnow", "today", "sleep", "uuid4", "token_bytes", "urandom", "random"} & called_in(file)


def called_in(file):
    calls = [node.func for node in ast.walk(tree_of(file)) if isinstance(node, ast.Call)]
    return {node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "") for node in calls}
