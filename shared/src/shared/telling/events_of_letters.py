"""Words for what becomes of the letters that a person is sent: codes and notices."""

from shared.telling.event import EventWords
from shared.telling.message import marked

CHANNELS = {"text": marked("by text message"), "call": marked("in a call"), "mail": marked("by e-mail")}
OTHER_CHANNEL = marked("over the chosen channel")
_CODES_SENT = {
    "text": marked("A code was sent to you by text message"),
    "call": marked("A code was read out to you in a call"),
    "mail": marked("A code was sent to you by e-mail"),
}
_CODE_SENT = marked("A code was sent to you")
_NOTICES_SENT = {
    "text": marked("A notice was sent to you by text message"),
    "call": marked("A notice was read out to you in a call"),
    "mail": marked("A notice was sent to you by e-mail"),
}
_NOTICE_SENT = marked("A notice was sent to you")
_UNDELIVERED = {
    "code": marked("A code could not be delivered to you %(channel)s"),
    "notice": marked("A notice could not be delivered to you %(channel)s"),
}
_ABANDONED = marked("Something could not be delivered to you %(channel)s")

EVENTS_OF_LETTERS: dict[str, EventWords] = {
    "profile.security-info.code.sent.v1": EventWords(
        "key", _CODE_SENT, _CODE_SENT, by_reason=_CODES_SENT, by="channel"
    ),
    "profile.security-info.notice.sent.v1": EventWords(
        "mail", _NOTICE_SENT, _NOTICE_SENT, by_reason=_NOTICES_SENT, by="channel"
    ),
    "profile.security-info.letter.abandoned.v1": EventWords(
        "warning", _ABANDONED, _ABANDONED, by_reason=_UNDELIVERED, by="kind"
    ),
    "profile.organizations.notice.sent.v1": EventWords(
        "mail", _NOTICE_SENT, _NOTICE_SENT, by_reason=_NOTICES_SENT, by="channel"
    ),
    "profile.organizations.letter.abandoned.v1": EventWords(
        "warning", _ABANDONED, _ABANDONED, by_reason=_UNDELIVERED, by="kind"
    ),
}
