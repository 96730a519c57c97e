"""Words for what can be wrong with one field."""

from collections.abc import Mapping
from typing import Any

from shared.telling.message import Message, counted, marked

_FORM = marked("This is not in the form that is expected.")
_NUMBER = marked("This must be a whole number.")
_MOMENT = marked("This must be a date and time with its time zone, such as 2025-03-04T09:30:00Z.")
_LIST = marked("This must be a list.")
_YES_OR_NO = marked("This must be true or false.")
_OBJECT = marked("This must be a JSON object.")
_ADDRESS = marked("This must be an IP address.")
_TEXT = marked("This must be text.")

OTHERWISE = marked("This is not as it needs to be.")

FAULTS: dict[str, Message] = {
    "access_code_unusable": marked("This code is wrong, used up or too old. Ask your organization for a new one."),
    "missing": marked("This must be filled in."),
    "extra_forbidden": marked("This field is not known here."),
    "string_type": _TEXT,
    "string_unicode": _TEXT,
    "bytes_type": _TEXT,
    "string_too_short": counted("Fill this in.", "Use at least %(limit)s characters.", by="limit"),
    "string_too_long": counted("Use at most %(limit)s character.", "Use at most %(limit)s characters.", by="limit"),
    "string_pattern_mismatch": _FORM,
    "pattern": _FORM,
    "value_error": OTHERWISE,
    "literal_error": marked("Choose one of the alternatives."),
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_parsing_size": _NUMBER,
    "int_from_float": _NUMBER,
    "less_than_equal": marked("This can be at most %(limit)s."),
    "greater_than_equal": marked("This must be at least %(limit)s."),
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dict_type": _OBJECT,
    "json_invalid": marked("This is not valid JSON."),
    "json_type": marked("This is not valid JSON."),
    "characters": marked("Use letters, digits or signs that can be seen."),
    "too_intricate": marked("This text is too intricate to be shown. Use fewer tables, brackets and levels."),
    "repeated": marked("Give this only once."),
    "bool_type": _YES_OR_NO,
    "bool_parsing": _YES_OR_NO,
    "tuple_type": _LIST,
    "too_long": marked("There can be at most %(limit)s of these."),
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "datetime_object_invalid": _MOMENT,
    "timezone_aware": _MOMENT,
    "ip_address": _ADDRESS,
    "in_the_future": marked("This must not be in the future."),
    "web_address": marked("Give the address of a page, beginning with https://."),
    "base64": marked("This must be base64, without line breaks."),
    "unreachable": marked("Give an e-mail address, a telephone number or a page."),
    "how_many_answers": marked("Answer %(limit)s questions."),
    "question_unknown": marked("Choose a question from the list."),
    "question_repeated": marked("Choose another question: you have chosen this one already."),
    "answer_repeated": marked("Give another answer: you have given this one already."),
    "answers_needed": marked("Choose questions and answer them."),
    "answers_out_of_place": marked("Answers belong to security questions only."),
    "discoverable_out_of_place": marked("Only a security key can be a passkey."),
    "code_or_credential": marked("Give either a code or the answer of a security key."),
    "out_of_place": marked("This does not belong to a method of this type."),
    "too_few_questions": marked("There are fewer questions to choose from than are to be registered."),
    "more_asked_than_registered": marked("There cannot be more questions asked than registered."),
    "too_short": marked("There must be at least %(limit)s of these."),
    "six_digits": marked("Enter the six digits of the code."),
    "telephone_number": marked("This is not a number that a code can be sent to. Check its digits."),
    "country_not_allowed": marked("Codes are not sent to numbers of this country. Use a number of another one."),
    "no_texts": marked("No text message arrives at this number. Choose a call instead."),
    "country_not_chosen": marked("Choose the country of the number."),
    "there_already": marked("This is one of your methods already. Use another one."),
    "email_address": marked("This is not an e-mail address. It needs to look like name@example.com."),
    "work_address": marked("This is the address of this account. Use one that you reach without your work password."),
    "number_needed": marked("Give the number of the phone."),
    "number_out_of_place": marked("A number belongs to phones only."),
    "address_needed": marked("Give the e-mail address."),
    "address_out_of_place": marked("An address belongs to methods by e-mail only."),
    "way_out_of_place": marked("How a code comes can be chosen together with the number of a phone only."),
    "nobody_to_ask": marked("Name a contact of the role that is to be asked."),
    "nothing_said": marked("Say at least one thing: when or where it was active, or whether it keeps the rules."),
    "reasons_out_of_place": marked("Reasons belong to what is said of the rules."),
    "device_needed": marked("Say what is known of the device."),
    "device_out_of_place": marked("What is known of a device belongs to putting it in only."),
    "activity_needed": marked("Say what changed."),
    "activity_out_of_place": marked("What changed belongs to noting activity only."),
    "time_zone": marked("Give a time zone by its name, such as Europe/Stockholm."),
    "ip_v4_address": _ADDRESS,
    "ip_v6_address": _ADDRESS,
    "one_thing": marked("Give a name, a number or an address: one of them, and only one."),
}


def fault_detail(fault: Mapping[str, Any], language: str) -> str:
    """Tell what is wrong with a field, from its `FieldProblem`."""
    try:
        return FAULTS.get(str(fault.get("key")), OTHERWISE).said(language, fault)
    except (KeyError, TypeError):
        return OTHERWISE.said(language)
