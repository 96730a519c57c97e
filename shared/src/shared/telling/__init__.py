"""What happened to an account, told in a person's language: one table for letters, the history and the API."""

from shared.telling.event import Happening
from shared.telling.events import EVENTS, event_icon, event_sentence
from shared.telling.message import Message, counted, isolated, marked
from shared.telling.methods import METHODS, MethodWords, method_words
from shared.telling.sign_ins import SignInWords, sign_in_words

__all__ = [
    "EVENTS",
    "METHODS",
    "Happening",
    "Message",
    "MethodWords",
    "SignInWords",
    "counted",
    "event_icon",
    "event_sentence",
    "isolated",
    "marked",
    "method_words",
    "sign_in_words",
]
