"""Letters on their way: from the documents, by the channels that are configured, to people."""

from shared.sending.carrying import Call, Carrier, Mail, Never, NotNow, Overtaken, Text
from shared.sending.mail import MailCarrier
from shared.sending.opening import carriers
from shared.sending.sender import Sender, Settlement
from shared.sending.webhook import WebhookCarrier

__all__ = [
    "Call",
    "Carrier",
    "Mail",
    "MailCarrier",
    "Never",
    "NotNow",
    "Overtaken",
    "Sender",
    "Settlement",
    "Text",
    "WebhookCarrier",
    "carriers",
]
