"""State → what is shown of it; only `setup` shows a secret, and only while the setup lasts."""

import io

import segno

from security_info.methods import authenticator_app
from security_info.model import SETUP_LIFETIME, AuthenticatorApp, SecurityInfo
from shared.contracts import security_info as contract

_PURPOSES = ("two_step", "password_reset")


def security_info(info: SecurityInfo) -> contract.SecurityInfo:
    """Show the methods that count; nothing sealed is opened for it."""
    confirmed = info.confirmed()
    return contract.SecurityInfo(
        methods=tuple(_method(info, id_, method) for id_, method in confirmed.items()),
        default_method=info.default_method,
        can_add=(contract.Offer(type="authenticator-app", limit=authenticator_app.LIMIT, registered=len(confirmed)),),
    )


def method(info: SecurityInfo, method_id: str) -> contract.Method:
    """Show one method."""
    return _method(info, method_id, info.confirmed_method(method_id))


def setup(
    method_id: str, method: AuthenticatorApp, *, issuer: str, account_name: str
) -> contract.AuthenticatorAppSetup:
    """Show what an authenticator app needs: the key to type, and the same as a QR code."""
    uri = authenticator_app.uri(method.key.value, issuer=issuer, account_name=account_name)
    return contract.AuthenticatorAppSetup(
        method_id=method_id,
        type=method.type,
        name=method.name,
        issuer=issuer,
        account_name=account_name,
        key=authenticator_app.grouped(method.key.value),
        uri=uri,
        qr_svg=_qr_code(uri),
        expires_at=method.started_at + SETUP_LIFETIME,
    )


def _method(info: SecurityInfo, method_id: str, method: AuthenticatorApp) -> contract.Method:
    return contract.Method(
        id=method_id,
        type=method.type,
        name=method.name,
        purposes=_PURPOSES,
        added_at=method.confirmed_at or method.started_at,
        is_default=info.default_method == method_id,
    )


def _qr_code(content: str) -> str:
    # Dark on light in both themes, with the four modules of quiet zone that ISO/IEC 18004 asks for.
    out = io.BytesIO()
    segno.make(content, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=4, dark="#000", light="#fff", nl=False
    )
    return out.getvalue().decode()
