"""One trace from a program's request through the gateway and a service, over the broker, into a reaction."""

import asyncio
import sys
from collections.abc import Iterator

import pyotp
import pytest
from aiohttp import web
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared.contracts.security_info import MethodAdded
from tests.waiting import until

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}


@pytest.fixture(scope="module")
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = trace.get_tracer_provider()
    if not isinstance(provider, TracerProvider):
        provider = TracerProvider()
        trace.set_tracer_provider(provider)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    yield exporter
    exporter.shutdown()


async def test_a_request_and_what_it_led_to_are_one_trace(api, spans):
    _, setup = await api("POST", "/security-info/methods", {"type": "authenticator-app"}, headers=CALLER)
    code = pyotp.TOTP(setup["key"].replace(" ", "")).now()
    path = f"/security-info/methods/{setup['method_id']}/confirm"
    assert (await api("POST", path, {"code": code}, headers=CALLER))[0] == 200

    wanted = {
        "POST /api/security-info/methods/{method_id}/confirm",
        "security-info confirmMethod",
        "POST /security-info/methods/{method_id}/confirm",
        f"react {MethodAdded.wire}",
    }
    await until(lambda: wanted <= {span.name for span in spans.get_finished_spans() if _trace_of(span) == TRACE})
    by_name = {span.name: span for span in spans.get_finished_spans() if _trace_of(span) == TRACE}
    served = by_name["POST /security-info/methods/{method_id}/confirm"]
    assert served.parent.span_id == by_name["security-info confirmMethod"].context.span_id
    assert by_name[f"react {MethodAdded.wire}"].parent.span_id == served.context.span_id
    assert setup["method_id"] not in str([dict(span.attributes) for span in spans.get_finished_spans()])


def _trace_of(span) -> str:
    return f"{span.context.trace_id:032x}"


async def test_spans_reach_a_collector_that_the_environment_names():
    received: asyncio.Queue[bytes] = asyncio.Queue()

    async def collect(request: web.Request) -> web.Response:
        await received.put(await request.read())
        return web.Response(content_type="application/x-protobuf")

    app = web.Application()
    app.router.add_post("/v1/traces", collect)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    program = (
        "from opentelemetry import trace\n"
        "from shared.observing import trace_to_collector\n"
        "trace_to_collector('told-service')\n"
        "with trace.get_tracer('t').start_as_current_span('told-span'): pass\n"
        "trace.get_tracer_provider().shutdown()\n"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program),
        env={"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{runner.addresses[0][1]}"},
    )
    async with asyncio.timeout(20):
        content = await received.get()
        assert await process.wait() == 0
    await runner.cleanup()
    assert b"told-service" in content
    assert b"told-span" in content
