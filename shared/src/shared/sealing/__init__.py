"""Secrets at rest: sealed with a key of the account's own, and only opened where a rule needs them."""

from shared.sealing.sealer import Sealer, SealError
from shared.sealing.secret import Secret, secrets_of

__all__ = ["SealError", "Sealer", "Secret", "secrets_of"]
