"""The types of methods as the service of tests has them."""

LIMITS = {
    "authenticator-app": 5,
    "security-key": 10,
    "phone": 2,
    "recovery-codes": 1,
    "email": 1,
    "security-questions": 1,
    "app-password": 40,
}
PURPOSES = {
    "authenticator-app": ("two_step", "password_reset"),
    "security-key": ("two_step", "password_reset"),
    "phone": ("two_step", "password_reset"),
    "recovery-codes": ("two_step",),
    "email": ("password_reset",),
    "security-questions": ("password_reset",),
    "app-password": ("apps",),
}
PROVING = {"authenticator-app", "security-key", "phone", "recovery-codes"}
LABELS = {"recovery-codes": "Recovery codes", "security-questions": "Security questions"}
COUNTRIES = {"phone": ("SE", "AT", "US", "AX", "DE")}
HINTS = {"phone": "+46 •••••••67", "email": "a•••@example.com"}
USUAL_WAYS = {"phone": "text", "email": "mail"}
