"""A portal of pages only: the services behind it answer what a test puts into them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
import segno
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import BaseModel
from pydantic_core import to_json

from gateway import pages
from gateway.language import language_of
from gateway.pages import problems
from gateway.rendering import Assets
from gateway.sessions import Session
from gateway.visiting import Services, Visit
from shared.calling import Answer
from shared.contracts import gateway as gateway_contract
from shared.contracts import security_info as contract
from shared.contracts.envelope import Client
from shared.contracts.privacy import Activity, ActivityEntry
from shared.contracts.problem import Problem, Unavailable
from shared.facts import now
from shared.measuring import REQUEST_ID

RIGHT_TO_LEFT = "هاتف العمل"
LONG = "The phone in the drawer at work that I only use when my own one is broken"


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


def a_session(name: str | None = "Alice Lindqvist", email: str | None = "alice@contoso.example") -> Session:
    moment = now()
    return Session(
        account="a1b2c3",
        secret_digest=b"",
        started_at=moment,
        seen_at=moment,
        expires_at=moment + timedelta(hours=12),
        name=name,
        email=email,
    )


def methods(*names: str, default: int = 0) -> contract.SecurityInfo:
    made = tuple(
        contract.Method(
            id=f"m{index}",
            type="authenticator-app",
            name=name,
            purposes=("two_step", "password_reset"),
            added_at=datetime(2025, 3, 4, 9, 30, tzinfo=UTC),
            is_default=index == default,
        )
        for index, name in enumerate(names)
    )
    return contract.SecurityInfo(
        methods=made,
        default_method=made[default].id if made else None,
        can_add=(contract.Offer(type="authenticator-app", limit=5, registered=len(made)),),
    )


def setup() -> contract.AuthenticatorAppSetup:
    uri = "otpauth://totp/Contoso:alice%40contoso.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Contoso"
    return contract.AuthenticatorAppSetup(
        method_id="m9",
        type="authenticator-app",
        name="Work phone",
        issuer="Contoso",
        account_name="alice@contoso.example",
        key="JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP",
        uri=uri,
        qr_svg=segno.make(uri, error="m").svg_inline(border=4, dark="#000", light="#fff", omitsize=True),
        expires_at=now() + timedelta(minutes=14, seconds=50),
    )


def entry(event, *, age: timedelta = timedelta(minutes=3), by="you", client: Client | None = None, id_="e") -> Any:
    return ActivityEntry(
        id=id_, type=event.wire, at=now() - age, by=by, client=client or Client(), facts=event.model_dump()
    )


def history(length: int = 12) -> Activity:
    added = {"method_id": "m0", "method_type": "authenticator-app"}
    firefox = Client(browser="Firefox", os="Linux", country="SE", city="Malmö")
    events = [
        (gateway_contract.SessionStarted(session_id="s"), firefox, "you"),
        (contract.MethodAdded(name="Work phone", **added), firefox, "you"),
        (contract.DefaultMethodChanged(name="Work phone", **added), firefox, "you"),
        (contract.MethodRenamed(name=LONG, previous_name="Phone", **added), Client(browser="Safari", os="iOS"), "you"),
        (contract.MethodRemoved(name=RIGHT_TO_LEFT, **added), Client(), "system"),
        (contract.MethodSetupFailed(method_type="authenticator-app"), Client(browser="Edge", os="Windows"), "you"),
        (contract.DefaultMethodChanged(name=None, method_id=None, method_type=None), Client(), "system"),
        (gateway_contract.SessionEnded(session_id="s", reason="signed_out"), firefox, "you"),
    ]
    entries = tuple(
        entry(event, age=timedelta(minutes=7 * 3 ** min(index, 11)), by=by, client=client, id_=f"e{index}")
        for index, (event, client, by) in enumerate(events[index % len(events)] for index in range(length))
    )
    return Activity(entries=entries, next="1.e" if length else None)


class Portal:
    """The pages, the two services behind them, and whoever is signed in."""

    def __init__(self) -> None:
        self.security_info = FakeService()
        self.privacy = FakeService()
        self.session = a_session()

    def has(self, info: contract.SecurityInfo, activity: Activity | None = None) -> None:
        self.security_info.answers["getSecurityInfo"] = info
        self.privacy.answers["getActivity"] = activity or history()

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._problems])
        app.router.add_get("/static/{name}", Assets.load().response)
        for (method, path), page in pages.OPEN_PAGES.items():
            app.router.add_route(method, path, page)
        for (method, path), page in pages.PAGES.items():
            app.router.add_route(method, path, self._visited(page))
        return app

    def _visited(self, page):
        async def visit(request):
            request[REQUEST_ID] = "r"
            return await page(
                Visit(
                    request=request,
                    session=self.session,
                    principal=self.session.principal("s", language_of(request)),
                    language=language_of(request),
                    services=Services(security_info=self.security_info, privacy=self.privacy),
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


class Page(HTMLParser):
    """A page as a program sees it: its elements with their attributes, and its text."""

    def __init__(self, response, html: str) -> None:
        super().__init__()
        self.status, self.headers, self.html = response.status, response.headers, html
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += f" {data}" if data.strip() else " "

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
def canned():
    return SimpleNamespace(
        LONG=LONG,
        RIGHT_TO_LEFT=RIGHT_TO_LEFT,
        a_session=a_session,
        entry=entry,
        history=history,
        methods=methods,
        setup=setup,
    )


@pytest.fixture
def portal():
    made = Portal()
    made.has(methods("Work phone", "Tablet"))
    made.security_info.answers["getMethodSetup"] = setup()
    return made


@pytest.fixture
async def visitor(portal):
    async with TestClient(TestServer(portal.app())) as client:
        yield Visitor(client)
