"""The words of notices: what happened, when, where and by whom, and what to do about it."""

from shared.noticing import Notice, Told
from shared.telling.events import NOBODY_DOES, event_sentence
from shared.telling.languages import regional
from shared.telling.look import Look
from shared.telling.message import counted, marked
from shared.telling.plain import fits_one_text, for_speaking, for_texting, harmless, holds_a_number
from shared.telling.writing import Block, Heading, Item, Items, Link, Paragraph, Said, Sheet, Speech, Step, Steps

YOUR_ORGANIZATION = marked("your organization")
_MOST_OF_A_SENTENCE = 300
_CHANGES = counted("%(count)s change to your account", "%(count)s changes to your account", by="count")
_PREHEADER = marked("Was this you? If not, there is something to do.")
_HAPPENED = marked("This happened in your account with %(organization)s:")
_BY_YOU = marked("By you, as far as we can tell")
BY_THEM = marked("By your organization: an administrator or one of its systems")
_ON = marked("%(browser)s on %(os)s")
_MORE = counted(
    "%(count)s more change did not fit in here. Your activity has it:",
    "%(count)s more changes did not fit in here. Your activity has them all:",
    by="count",
)
_ACTIVITY = marked("See all activity")
_QUESTION = marked("Was this you?")
_YES = marked("If you did this yourself, or expected it, there is nothing you need to do.")
_NO = marked("If not, somebody else may be using your account. Do this right away:")
_REVIEW = marked("Look through your security info, and remove what is not yours.")
_OPEN_REVIEW = marked("Open your security info")
_SIGN_OUT = marked("Sign out everywhere, so that nobody stays signed in as you.")
_OPEN_SESSIONS = marked("See where you are signed in")
_TELL = marked("Tell %(organization)s what happened.")
_PREHEADER_THEIRS = marked("Your organization did this. If you did not expect it, ask why.")
_QUESTION_THEIRS = marked("Did you expect this?")
_YES_THEIRS = marked("If you did, there is nothing you need to do.")
_NO_THEIRS = marked("If not:")
_ASK_THEM = marked("Ask %(organization)s about it.")
_PLACES = {
    "profile.devices.": (
        marked("Look at your devices, and disable what you do not recognise."),
        marked("Open your devices"),
        "/devices",
    ),
    "profile.devices.recovery-key.": (
        marked("Ask for a new recovery key of that device."),
        marked("Open your devices"),
        "/devices",
    ),
    "profile.organizations.membership.": (
        marked("Look at which organizations your account belongs to."),
        marked("Open your organizations"),
        "/organizations",
    ),
}
"""Where to look first, by the longest beginning of what happened; all else is seen in the security info."""
_FOOTER = marked(
    "You get this from %(product)s so that nobody can change your account without your knowing. "
    "Answers to this message are not read."
)
_TEXT = marked("%(product)s: %(happened)s.\nNot you? Go to\n%(address)s")
_SPOKEN = marked(
    "Hello. This is %(product)s with a notice about your account. %(happened)s. "
    "If this was not you, tell %(organization)s. Goodbye."
)


def notice_words(notice: Notice, look: Look, language: str, organization: str | None) -> Said:
    """Say what a notice tells, which must be something; *organization* is what the home organization is called."""
    called = harmless(organization or "") or YOUR_ORGANIZATION.said(language)
    say = Speech(language, {"product": look.product, "organization": called})
    sentences = [_sentence(told, look, language) for told in notice.told]
    count = len(notice.told) + notice.more
    alone = count == 1
    summary = sentences[0] if alone else say(_CHANGES, count=count)
    items = tuple(
        Item(None if alone else sentence, _details(told, look, say))
        for sentence, told in zip(sentences, notice.told, strict=True)
    )
    theirs = not notice.more and all(_is_theirs(told) for told in notice.told)
    steps = _what_to_ask(notice, look, say) if theirs else _what_to_do(notice, look, say)
    blocks = (Paragraph(say(_HAPPENED)), Items(items), *_surplus(notice, look, say), *steps)
    preheader = say(_PREHEADER_THEIRS if theirs else _PREHEADER)
    return Said(
        sheet=Sheet(summary, preheader, heading=summary, blocks=blocks, footer=say(_FOOTER)),
        text=_texted(summary, say(_CHANGES, count=count), look, say),
        spoken=for_speaking(say(_SPOKEN, happened=summary)),
    )


def _sentence(told: Told, look: Look, language: str) -> str:
    return harmless(event_sentence(told, language, product=look.product), _MOST_OF_A_SENTENCE)


def _details(told: Told, look: Look, say: Speech) -> tuple[str, ...]:
    """Tell when and where, as far as it is known, and by whom."""
    when = " · ".join((look.moment(told.at, say.language), *_where(told, say)))
    if told.by == "you":
        return when, say(_BY_YOU)
    return (when, say(BY_THEM)) if _is_theirs(told) else (when,)


def _is_theirs(told: Told) -> bool:
    return told.by != "you" and told.type not in NOBODY_DOES


def _where(told: Told, say: Speech) -> list[str]:
    client = told.client
    browser, system, city = (harmless(part or "") for part in (client.browser, client.os, client.city))
    program = say(_ON, browser=browser, os=system) if browser and system else browser or system
    country = regional(say.language, None).territories.get(client.country or "", harmless(client.country or ""))
    return [words for words in (program, ", ".join(part for part in (city, country) if part)) if words]


def _surplus(notice: Notice, look: Look, say: Speech) -> tuple[Block, ...]:
    if not notice.more:
        return ()
    return Paragraph(say(_MORE, count=notice.more)), Link(say(_ACTIVITY), look.address("/activity"))


def _places(notice: Notice, look: Look, say: Speech) -> list[Step]:
    beginnings = sorted(_PLACES, key=len, reverse=True)
    found = (next((one for one in beginnings if told.type.startswith(one)), None) for told in notice.told)
    return [
        Step(say(what), Link(say(where), look.address(path), strong=True))
        for what, where, path in (_PLACES[one] for one in dict.fromkeys(found) if one)
    ]


def _what_to_ask(notice: Notice, look: Look, say: Speech) -> tuple[Block, ...]:
    """Tell what to do about what the organization did: nobody else may be in the account."""
    steps = (*_places(notice, look, say), Step(say(_ASK_THEM)))
    return Heading(say(_QUESTION_THEIRS)), Paragraph(say(_YES_THEIRS)), Paragraph(say(_NO_THEIRS)), Steps(steps)


def _what_to_do(notice: Notice, look: Look, say: Speech) -> tuple[Block, ...]:
    places = _places(notice, look, say)
    steps = (
        *places,
        Step(say(_REVIEW), Link(say(_OPEN_REVIEW), look.address("/security-info"), strong=not places)),
        Step(say(_SIGN_OUT), Link(say(_OPEN_SESSIONS), look.address("/sessions"))),
        Step(say(_TELL)),
    )
    return Heading(say(_QUESTION)), Paragraph(say(_YES)), Paragraph(say(_NO)), Steps(steps)


def _texted(summary: str, in_general: str, look: Look, say: Speech) -> str:
    """Say it in one text message; where a name would not fit, or could be taken for a number to call, without it."""
    full, short = (
        for_texting(say(_TEXT, happened=happened, address=look.portal_url)) for happened in (summary, in_general)
    )
    return full if fits_one_text(full) and not holds_a_number(summary) else short
