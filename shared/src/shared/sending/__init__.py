"""Letters on their way: from the documents, by the channels that are configured, to people."""

from shared.sending.carrying import Call, Carrier, Mail, Never, NotNow, Text
from shared.sending.sender import Sender, Settlement

__all__ = ["Call", "Carrier", "Mail", "Never", "NotNow", "Sender", "Settlement", "Text"]
