"""What an operator sees: JSON lines without secrets, metrics, and traces that follow a request into its news."""

import logging
import os
import re
import sys
from collections.abc import MutableMapping
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

import structlog
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON, ParentBased

_HIDDEN = re.compile(
    r"secret|password|token|code|key$|^key|cookie|authorization|credential|address|e_?mail|phone|number|^ip$",
    re.IGNORECASE,
)
_PLAIN = frozenset({"status_code", "error_code"})
_LOOKS_SECRET = re.compile(
    r"eyJ[\w-]{8,}\.[\w-]+\.[\w-]*"  # a JSON Web Token
    r"|otpauth://\S+"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"  # a password in a URL
    r"|[\w.+-]+@[\w-]+\.[\w.-]+"  # an e-mail address
    r"|\b\d{6,}\b"  # codes and telephone numbers
)


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide what must not be in a log: fields by their names, and texts by what they look like."""
    for name, value in event.items():
        if name in {"event", "timestamp", "level", "logger", "event_id", "correlation", "trace_id"}:
            if name == "event":
                event[name] = _LOOKS_SECRET.sub("[hidden]", str(value))
        elif _HIDDEN.search(name) and name not in _PLAIN:
            event[name] = "[hidden]"
        elif isinstance(value, str):
            event[name] = _LOOKS_SECRET.sub("[hidden]", value)
    return event


def _add_trace(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = f"{context.trace_id:032x}"
    return event


def log_to_stderr(level: str = "info") -> None:
    """Send this process's log, and what libraries log, to stderr: one redacted JSON object a line."""
    _log_through(logging.StreamHandler(sys.stderr), level)


def log_to_file(file: Path, level: str = "info") -> None:
    """Send the log to *file*, and its last two predecessors of 5 MB to files beside it."""
    _log_through(RotatingFileHandler(file, maxBytes=5_000_000, backupCount=2, encoding="utf-8"), level)


def _log_through(handler: logging.Handler, level: str) -> None:
    chain: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_trace,
        structlog.processors.format_exc_info,
        redact,
    ]
    structlog.configure(
        processors=[*chain[:-2], structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=chain[:-2],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *chain[-2:],
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # These name addresses, tokens and bodies at levels below a warning.
    for talkative in ("aiormq", "aio_pika", "pymongo", "aiohttp.access", "werkzeug", "authlib"):
        logging.getLogger(talkative).setLevel(logging.WARNING)


def trace_to_collector(service: str) -> None:
    """Give requests and events trace ids, and send spans on where `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector."""
    collected = bool(os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"))
    # Spans that nobody collects need only their ids, which cost a fraction of what recording does.
    sampler = ParentBased(ALWAYS_ON if collected else ALWAYS_OFF)
    provider = TracerProvider(resource=Resource.create({"service.name": service}), sampler=sampler)
    if collected:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415  # only who has a collector pays for it
        from opentelemetry.instrumentation.pymongo import PymongoInstrumentor  # noqa: PLC0415  # as above

        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        PymongoInstrumentor().instrument(tracer_provider=provider)
    trace.set_tracer_provider(provider)
