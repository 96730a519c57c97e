"""Reading terms of use and accepting them: what is accepted is what was shown."""

from urllib.parse import quote

from aiohttp import web

from gateway.pages.forms import Form, command_of, refuse, see_other, typed
from gateway.pages.privacy import HERE
from gateway.rendering import render
from gateway.rendering.tongues import is_same_language
from gateway.visiting import Visit
from shared.contracts import privacy as contract

_SHOWN = ("version", "language", "digest")
"""The fields in which a form tells what it stood below."""
_CHOSEN = ("version", "language")


async def show(visit: Visit) -> web.Response:
    """Show a text of terms, in the version and language that are asked for."""
    query = visit.request.query
    return _page(visit, await _text(visit, {name: query[name] for name in _CHOSEN if query.get(name)}))


async def accept(visit: Visit) -> web.Response:
    """Accept what was shown; what changed meanwhile is shown anew, and nothing accepted."""
    shown = {name: await typed(visit, name) for name in _SHOWN}
    answer = await visit.command(
        visit.services.privacy,
        contract.ACCEPT_TERMS,
        command=await command_of(visit),
        body=shown,
        **visit.request.match_info,
    )
    if answer.ok:
        return see_other(f"{HERE}?done=accepted&terms={quote(visit.request.match_info['terms_id'])}")
    if answer.problem().key != contract.TermsChanged.key:
        raise refuse(answer)
    return _page(visit, await _text(visit, {"language": shown["language"]}), changed=True)


async def _text(visit: Visit, query: dict[str, str]) -> contract.TermsText:
    answer = await visit.ask(visit.services.privacy, contract.GET_TERMS, query=query, **visit.request.match_info)
    return answer.read(contract.TermsText)


def _page(visit: Visit, text: contract.TermsText, *, changed: bool = False) -> web.Response:
    return render(
        visit.request,
        "terms.html",
        visit.language,
        status=contract.TermsChanged.status if changed else 200,
        session=visit.session,
        text=text,
        current=text.shown_version == text.version,
        changed=changed,
        untranslated=not any(is_same_language(tag, visit.language) for tag in text.languages),
        form=Form(),
    )
