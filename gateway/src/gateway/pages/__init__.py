"""The pages: which function answers for which address."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from gateway.pages import (
    activity,
    adding,
    api_docs,
    change_password,
    changing,
    devices,
    language,
    methods,
    organizations,
    overview,
    picture,
    privacy,
    problems,
    prove,
    recovery_keys,
    sent_codes,
    sessions,
    settings,
    setup,
    signed_out,
    terms,
)
from gateway.visiting import Page

METHOD = "/security-info/methods/{method_id}"
DEVICE = "/devices/{device_id}"
RECOVERY_KEY = f"{DEVICE}/recovery-keys/{{key_id}}"
ORGANIZATION = "/organizations/{organization_id}"
TERMS = "/privacy/terms/{terms_id}"
SERVICE = "/privacy/services/{service_id}"

PAGES: Mapping[tuple[str, str], Page] = {
    ("GET", "/"): overview.show,
    ("GET", activity.HERE): activity.show,
    ("GET", activity.FILE): activity.download,
    ("GET", "/security-info"): methods.show,
    ("GET", "/security-info/add"): adding.choose,
    ("GET", "/security-info/add/{type}"): adding.ask,
    ("POST", "/security-info/add/{type}"): adding.start,
    ("GET", f"{METHOD}/setup"): setup.show,
    ("POST", f"{METHOD}/setup"): setup.confirm,
    ("POST", f"{METHOD}/send-code"): sent_codes.send_again,
    ("POST", f"{METHOD}/give-up"): sent_codes.give_up,
    ("GET", f"{METHOD}/change"): changing.ask,
    ("POST", f"{METHOD}/change"): changing.change,
    ("GET", f"{METHOD}/rename"): methods.ask_name,
    ("POST", f"{METHOD}/rename"): methods.rename,
    ("GET", f"{METHOD}/remove"): methods.ask_removal,
    ("POST", f"{METHOD}/remove"): methods.remove,
    ("POST", f"{METHOD}/default"): methods.make_default,
    ("GET", "/devices"): devices.show,
    ("GET", f"{DEVICE}/rename"): devices.ask_name,
    ("POST", f"{DEVICE}/rename"): devices.rename,
    ("GET", f"{DEVICE}/disable"): devices.ask_reason,
    ("POST", f"{DEVICE}/disable"): devices.disable,
    ("POST", f"{DEVICE}/ask-back"): devices.ask_back,
    ("GET", f"{DEVICE}/recovery-keys"): recovery_keys.show,
    ("GET", f"{RECOVERY_KEY}/show"): recovery_keys.go_back,
    ("POST", f"{RECOVERY_KEY}/show"): recovery_keys.reveal,
    ("GET", f"{RECOVERY_KEY}/rotate"): recovery_keys.go_back,
    ("POST", f"{RECOVERY_KEY}/rotate"): recovery_keys.ask_new,
    ("GET", "/organizations"): organizations.show,
    ("GET", f"{ORGANIZATION}/leave"): organizations.ask_leaving,
    ("POST", f"{ORGANIZATION}/leave"): organizations.leave,
    ("GET", "/picture/{digest}"): picture.show,
    ("GET", "/privacy"): privacy.show,
    ("GET", TERMS): terms.show,
    ("POST", TERMS): terms.accept,
    ("GET", f"{SERVICE}/disconnect"): privacy.ask_disconnecting,
    ("POST", f"{SERVICE}/disconnect"): privacy.disconnect,
    ("GET", settings.HERE): settings.show,
    ("POST", settings.HERE): settings.save,
    ("GET", "/sessions"): sessions.show,
    ("POST", "/sessions/{session_id}/end"): sessions.end,
    ("GET", "/sessions/sign-out-everywhere"): sessions.ask_everywhere,
    ("POST", "/sessions/sign-out-everywhere"): sessions.sign_out_everywhere,
    ("GET", prove.HERE): prove.show,
    ("POST", prove.HERE): prove.answer,
    ("GET", f"{prove.HERE}/done"): prove.done,
}
"""For a person who is signed in."""

NEEDS_PROOF: Mapping[tuple[str, str], str] = {
    **{(way, path): "security-info.change" for way, path in PAGES if path.startswith("/security-info/")},
    ("GET", f"{DEVICE}/disable"): "device.disable",
    ("POST", f"{DEVICE}/disable"): "device.disable",
    ("POST", f"{RECOVERY_KEY}/show"): "recovery-key.reveal",
    ("GET", f"{ORGANIZATION}/leave"): "organization.leave",
    ("POST", f"{ORGANIZATION}/leave"): "organization.leave",
}
"""For a person who has just proved who they are, and for what."""

OPEN_PAGES: Mapping[tuple[str, str], Callable[[web.Request], Awaitable[web.StreamResponse]]] = {
    ("POST", "/language"): language.choose,
    ("GET", "/.well-known/change-password"): change_password.go,
    ("GET", "/signed-out"): signed_out.show,
    ("GET", "/problems/{key}"): problems.explain,
    ("GET", "/api/docs"): api_docs.show,
}
"""For anyone."""
