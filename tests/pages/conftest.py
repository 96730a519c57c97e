"""A portal of pages only: the services behind it answer what a test puts into them."""

from collections.abc import Mapping
from html.parser import HTMLParser
from types import ModuleType
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import BaseModel
from pydantic_core import to_json

from gateway import pages
from gateway.handlers import Handlers
from gateway.keys import CHANGE_PASSWORD
from gateway.language import language_of
from gateway.pages import language, problems
from gateway.rendering import Assets
from gateway.services import Services
from gateway.sessions import Session
from gateway.visiting import Visit
from shared.calling import Answer
from shared.contracts import security_info as contract
from shared.contracts.privacy import Activity, Glance, Notices, Preferences
from shared.contracts.problem import Problem, Unavailable
from shared.facts import Facts
from shared.measuring import REQUEST_ID
from tests.pages import canned as answers
from tests.pages import declared

FAREWELL = "https://provider.example/signed-out"


class FakeService:
    """Answer each endpoint with what was put there under its name, and remember what was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, BaseModel | Problem | None] = {}
        self.asked: list[tuple[str, dict[str, Any]]] = []

    async def call(self, endpoint, _principal, **given):
        self.asked.append((endpoint.name, given))
        answer = self.answers.get(endpoint.name, Unavailable())
        if isinstance(answer, Unavailable):
            raise answer
        if isinstance(answer, Problem):
            return Answer(answer.document()["status"], to_json(answer.document()), {})
        return Answer(endpoint.status, to_json(answer) if answer else b"", {})

    def last(self, name: str) -> dict[str, Any]:
        return next(given for asked, given in reversed(self.asked) if asked == name)


class FakeKeeper:
    """Keep sessions by their ids, and remember which were ended."""

    def __init__(self) -> None:
        self.sessions: dict[str, Session] = {}
        self.commands: list[str] = []
        self.everywhere: list[str] = []

    async def of(self, _account):
        return {id_: session for id_, session in self.sessions.items() if not session.ended_at}

    async def prefer(self, session_id, preferences, _command):
        self.sessions[session_id] = self.sessions[session_id].model_copy(update={"preferences": preferences})

    async def end(self, session_id, rule, command):
        self.commands.append(command.id)
        self.sessions[session_id] = rule(self.sessions.get(session_id), Facts()).state

    async def sign_out_everywhere(self, account, _rule, _command):
        self.everywhere.append(account)


class FakeSignIn:
    async def farewell(self, _session_id):
        return FAREWELL


class Portal:
    """The pages, the services behind them, and whoever is signed in."""

    def __init__(self) -> None:
        self.security_info, self.devices = FakeService(), FakeService()
        self.organizations, self.privacy = FakeService(), FakeService()
        self.keeper = FakeKeeper()
        self.signs_in(answers.a_session())
        self.change_password = ""
        self.preferred: list[str] = []

    def signs_in(self, session: Session) -> None:
        self.session = session
        self.keeper.sessions["s"] = session

    def has(self, info: contract.SecurityInfo, activity: Activity | None = None) -> None:
        self.security_info.answers["getSecurityInfo"] = info
        self.privacy.answers["getActivity"] = activity or answers.history()
        self._glances()

    def owns(self, *devices, limit: int = 200) -> None:
        self.devices.answers["getDevices"] = answers.devices(*devices, limit=limit)

    def belongs_to(self, *organizations, **profile) -> None:
        self.organizations.answers["getOrganizations"] = answers.organizations(*organizations, **profile)
        self._organizations = organizations
        self.declares()

    def declares(self, **parts) -> None:
        self.privacy.answers["getPrivacyParts"] = declared.parts(*self._organizations, **parts)
        self._glances()

    def _glances(self) -> None:
        told = self.privacy.answers
        if told.keys() >= {"getPrivacyParts", "getActivity"}:
            parts = told["getPrivacyParts"]
            told["getPrivacyAtAGlance"] = Glance(
                notices=Notices(notices=parts.notices),
                terms_to_accept=sum(terms.to_accept for terms in parts.terms),
                services=len(parts.services),
                activity=told["getActivity"],
            )

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._problems])
        app[CHANGE_PASSWORD] = self.change_password
        app[language.PREFER] = self._prefer
        app.router.add_get("/static/{name}", Assets.load().response)
        for (method, path), page in pages.OPEN_PAGES.items():
            app.router.add_route(method, path, page)
        for (method, path), page in pages.PAGES.items():
            app.router.add_route(method, path, self._visited(page))
        return app

    async def _prefer(self, _request, wanted):
        self.preferred.append(wanted)

    def _visited(self, page):
        async def visit(request):
            request[REQUEST_ID] = "r"
            services = Services(
                security_info=self.security_info,
                devices=self.devices,
                organizations=self.organizations,
                privacy=self.privacy,
            )
            return await page(
                Visit(
                    request=request,
                    session=self.session,
                    principal=self.session.principal("s", language_of(request)),
                    language=language_of(request),
                    services=services,
                    own=Handlers(services, self.keeper, FakeSignIn(), deadline=1.0),
                    forget_cookie=_forgotten,
                    deadline=1.0,
                )
            )

        return visit

    @web.middleware
    async def _problems(self, request, handler):
        try:
            return await handler(request)
        except Problem as problem:
            return problems.respond(request, problem.document(), language_of(request), self.session)


def _forgotten(response: web.Response) -> web.Response:
    response.del_cookie("profile")
    return response


class Page(HTMLParser):
    """A page as a program sees it: its elements with their attributes, and its text."""

    def __init__(self, response, html: str) -> None:
        super().__init__()
        self.status, self.headers, self.html = response.status, response.headers, html
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._goes_on = False
        self.feed(html)
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._goes_on = tag == "wbr"

    def handle_data(self, data):
        self.text += f" {data}" if data.strip() and not self._goes_on else data or " "
        self._goes_on = False

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in wanted.items()}
        return [attrs for found, attrs in self.elements if found == tag and wanted.items() <= attrs.items()]

    def one(self, tag: str, **wanted: str) -> dict[str, str | None]:
        (found,) = self.all(tag, **wanted)
        return found


class Visitor:
    """Ask for pages and send forms; redirects are answers, not followed."""

    def __init__(self, client: TestClient) -> None:
        self._client = client

    async def get(self, path: str, **headers: str):
        return await self._client.get(path, headers=headers, allow_redirects=False)

    async def page(self, path: str, **headers: str) -> Page:
        response = await self.get(path, **headers)
        return Page(response, await response.text())

    async def send(self, path: str, **fields: str) -> Page:
        response = await self.post(path, fields)
        return Page(response, await response.text())

    async def post(self, path: str, fields: Mapping[str, str]):
        return await self._client.post(path, data=fields, allow_redirects=False)


@pytest.fixture
def canned() -> ModuleType:
    """What services could answer."""
    return answers


@pytest.fixture
def portal():
    made = Portal()
    made.has(answers.methods("Work phone", "Tablet"))
    made.security_info.answers["getMethodSetup"] = answers.setup()
    made.security_info.answers["getSecurityQuestions"] = answers.QUESTIONS
    made.owns(answers.device(), answers.disabled())
    made.devices.answers["getRecoveryKeys"] = answers.recovery_keys(answers.recovery_key())
    made.belongs_to(answers.organization(), answers.organization("fabrikam", "Fabrikam"))
    kept = declared.terms(acceptances=(declared.acceptance(),), to_accept=False)
    made.declares(terms=(kept,), services=(declared.service(),), data_uses=(declared.use(held=None),))
    made.privacy.answers["getTerms"] = declared.text()
    made.privacy.answers["getPreferences"] = Preferences(language=None, region=None, time_zone=None)
    made.keeper.sessions["other"] = answers.a_session()
    return made


@pytest.fixture
async def visitor(portal):
    async with TestClient(TestServer(portal.app())) as client:
        yield Visitor(client)


@pytest.fixture
def declared_once(portal, canned):
    """One organization and one use, so that what is shown of it stands there once."""

    def declare(**told):
        portal.belongs_to(canned.organization(), title="Analyst", office="Malmö 3")
        portal.declares(**told)

    return declare
