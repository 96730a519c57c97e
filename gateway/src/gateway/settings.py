"""What the gateway is told by its environment."""

import re
from datetime import timedelta
from typing import Annotated, Any, Literal

from joserfc.jwk import OKPKey
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr
from pydantic_core import from_json
from pydantic_settings import NoDecode
from yarl import URL

from gateway.branding import PRODUCT, Brand, Logo
from shared.settings import ProcessSettings

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


def _safe(address: str) -> str:
    url = URL(address)
    if url.scheme != "https" and not (url.scheme == "http" and url.host in _THIS_MACHINE):
        raise ValueError("an https address is needed, except on this very machine")
    return address


def _origin(address: str) -> str:
    url = URL(_safe(address))
    if url.path != "/" or url.query_string or url.user:
        raise ValueError("an address without a path is needed")
    return str(url.origin())


def _name(text: str) -> str:
    if not (name := text.strip()) or not name.isprintable():
        raise ValueError("a name on one line is needed")
    return name


def _colour(text: str) -> str:
    if not _HEX.fullmatch(text):
        raise ValueError("a hex colour such as #0b6e4f is needed")
    return text.lower()


def _logo(value: Any) -> Any:
    return Logo.read(value) if isinstance(value, str) else value


class SystemBinding(BaseModel):
    """For which organizations a system speaks; *subject* is what its tokens have as `sub`, if not the client id.

    One that *acts_for* an administrator carries out what administrators decide, and histories say so.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    organizations: frozenset[str] = Field(description="Their ids; `*` stands for every one.")
    subject: str | None = None
    acts_for: Literal["system", "administrator"] = "system"


class Settings(ProcessSettings):
    port: int = 8080
    database: str = "gateway"
    public_url: Annotated[str, AfterValidator(_origin)] = Field(
        description="Where browsers reach the gateway, such as https://account.example.org."
    )
    issuer: Annotated[str, AfterValidator(_safe)] = Field(
        description="The OpenID Connect provider's issuer identifier."
    )
    client_id: str
    client_secret: SecretStr
    scopes: str = "openid profile email"
    account_claim: str = Field(default="sub", description="The immutable claim that is the account's id.")
    api_audiences: tuple[str, ...] = Field(
        default=(), description="Audiences of access tokens for /api; without any, the client id."
    )
    signing_key: SecretStr = Field(description="A private Ed25519 key as a JSON Web Key (RFC 8037).")
    scope_claim: str = Field(default="scope", description="The claim that lists a token's scopes (RFC 8693).")
    system_clients: dict[str, SystemBinding] = Field(
        default={}, description="The systems that may use /api/system, by their client ids."
    )
    cors_origins: tuple[Annotated[str, AfterValidator(_origin)], ...] = Field(
        default=(), description="Origins of web frontends whose scripts may call /api with an access token."
    )
    change_password_url: Annotated[str, AfterValidator(_safe)] | None = Field(
        default=None, description="The provider's page for changing one's password."
    )
    security_info_url: str
    devices_url: str
    organizations_url: str
    privacy_url: str
    max_age: int | None = Field(
        default=None, gt=0, description="Seconds since the sign-in at the provider after which it must ask again."
    )
    issue_time_as_auth_time: bool = Field(
        default=False,
        description="Let an access token's time of issue stand for the sign-in where the provider tells none.",
    )
    session_hours: float = Field(default=12, gt=0, description="A session ends this long after its sign-in.")
    idle_minutes: float = Field(default=60, gt=5, description="A session ends when it was not used for so long.")
    overview_deadline: float = Field(default=1.5, gt=0, description="Seconds that a section of the overview may take.")
    styleguide: bool = Field(default=False, description="Show every component in every state at /styleguide.")
    pseudo_locale: bool = Field(
        default=False, description="Offer two pseudo-languages that show what is untranslated or does not mirror."
    )
    country_header: str | None = Field(default=None, description="Where a trusted proxy tells the visitor's country.")
    city_header: str | None = Field(default=None, description="Where a trusted proxy tells the visitor's city.")
    brand_name: Annotated[str, AfterValidator(_name)] = Field(
        default=PRODUCT, max_length=60, description="What the portal is called."
    )
    brand_logo: Annotated[Logo | None, NoDecode, BeforeValidator(_logo)] = Field(
        default=None, description="Path of the organization's logo, an SVG or PNG file of at most 64 KiB."
    )
    brand_accent: Annotated[str, AfterValidator(_colour)] | None = Field(
        default=None, description="The organization's colour, such as #0b6e4f."
    )

    @property
    def secure(self) -> bool:
        """Tell whether browsers come by TLS, as they do anywhere but on a laptop."""
        return URL(self.public_url).scheme == "https"

    @property
    def session_cookie(self) -> str:
        """Name the session cookie; `__Host-` binds it to this very host (RFC 6265bis)."""
        return "__Host-profile" if self.secure else "profile"

    @property
    def origin(self) -> str:
        """Give the gateway's own origin."""
        return str(URL(self.public_url).origin())

    @property
    def audiences(self) -> frozenset[str]:
        """Give the audiences of which an access token must name one."""
        return frozenset(self.api_audiences or (self.client_id,))

    @property
    def session_lifetime(self) -> timedelta:
        """Give how long a session lasts at most."""
        return timedelta(hours=self.session_hours)

    @property
    def idle(self) -> timedelta:
        """Give how long a session lasts unused."""
        return timedelta(minutes=self.idle_minutes)

    def brand(self) -> Brand:
        """Give what pages are called and look like."""
        return Brand(self.brand_name, self.brand_logo, self.brand_accent)

    def key(self) -> OKPKey:
        """Give the signing key, parsed."""
        return OKPKey.import_key(from_json(self.signing_key.get_secret_value()))
