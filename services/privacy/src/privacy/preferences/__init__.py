"""Language, regional format and time zone: what a person chooses, and what an organization locks."""
