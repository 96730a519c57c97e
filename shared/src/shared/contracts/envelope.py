"""The outside of an event: CloudEvents 1.0, structured JSON."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"


class Client(BaseModel):
    """Coarse facts of the program that a person used; the gateway derives them once and keeps no more."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    browser: str | None = None
    os: str | None = None
    country: str | None = None
    city: str | None = None


class Envelope(BaseModel):
    """A CloudEvents 1.0 event with the extension attributes that every account event carries.

    *source* and *subject* name the aggregate; *sequence* counts its events from 1, zero-padded so that it
    sorts as text. Order across aggregates is not promised.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
    subject: str
    type: str
    time: datetime
    datacontenttype: Literal["application/json"] = "application/json"
    sequence: str
    account: str | None = Field(
        default=None, description="The account that it happened to: an opaque id. Absent where it was an organization."
    )
    correlationid: str | None = Field(default=None, description="Shared by all that one request led to.")
    causationid: str | None = Field(default=None, description="The command or event that led to this one.")
    traceparent: str | None = Field(default=None, description="W3C Trace Context.")
    authtype: Literal["user", "administrator", "system", "unknown"] | None = Field(
        default=None, description="Who caused it; an administrator is a system client that is bound to act for one."
    )
    authid: str | None = Field(default=None, description="The opaque id of who caused it.")
    clientbrowser: str | None = None
    clientos: str | None = None
    clientcountry: str | None = None
    clientcity: str | None = None
    data: dict[str, Any]

    def client(self) -> Client:
        """Give the coarse client facts together."""
        return Client(
            browser=self.clientbrowser,
            os=self.clientos,
            country=self.clientcountry,
            city=self.clientcity,
        )
