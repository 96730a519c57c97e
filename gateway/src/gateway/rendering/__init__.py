"""Pages from templates: one Jinja2 environment per language, made once."""

from functools import cache, partial
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from gateway.branding import Brand
from gateway.keys import BRAND, CHANGE_PASSWORD
from gateway.language import calendar_of, languages_of, zone_of
from gateway.rendering.assets import Assets
from gateway.rendering.groups import in_groups
from gateway.rendering.listing import listed
from gateway.rendering.moments import FILTERS
from gateway.rendering.people import client_words, initials, made_by, parted, place, quoted
from gateway.rendering.tongues import direction_of_text, name_in, own_name
from gateway.rendering.ways import mail_link, site_of, telephone_link
from gateway.sessions import Session
from gateway.words import (
    basis_cited,
    basis_right,
    basis_said,
    category_said,
    join_words,
    key_kind_words,
    kind_words,
    objectable,
    purpose_said,
    purpose_words,
    reason_told,
    role_words,
    source_said,
)
from gateway.words.activity import doer_said
from shared.contracts.privacy import ActivityEntry
from shared.facts import now
from shared.telling import event_icon, event_sentence, method_words, sign_in_words
from shared.telling.languages import LANGUAGES, PSEUDO_LANGUAGES, direction_of, locale_of
from shared.telling.translations import load

__all__ = ["Assets", "environment", "prepare", "render"]

TEMPLATES = Path(__file__).parent.parent / "templates"
_OURS = Brand()


@cache
def environment(language: str) -> Environment:
    """Give the templates in *language*."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_translations(load(language), newstyle=True)  # type: ignore[attr-defined]  # the extension's own
    made.filters.update(FILTERS, listed=listed)
    locale = locale_of(language)
    made.globals.update(
        asset=Assets.load().url,
        basis_cited=partial(basis_cited, language=language),
        basis_right=partial(basis_right, language=language),
        basis_said=partial(basis_said, language=language),
        category_said=partial(category_said, language=language),
        client_words=partial(client_words, locale=locale),
        direction=direction_of(language),
        direction_of_text=direction_of_text,
        doer_said=partial(doer_said, language=language),
        event_icon=event_icon,
        event_sentence=_event_told,
        in_groups=in_groups,
        initials=initials,
        join_words=join_words,
        key_kind_words=key_kind_words,
        kind_words=kind_words,
        language=language,
        locale=locale,
        made_by=made_by,
        mail_link=mail_link,
        method_words=method_words,
        name_in=partial(name_in, locale=locale),
        objectable=objectable,
        own_name=own_name,
        parted=parted,
        place=partial(place, locale=locale),
        purpose_said=partial(purpose_said, language=language),
        purpose_words=purpose_words,
        quoted=quoted,
        reason_told=reason_told,
        role_words=role_words,
        sign_in_words=sign_in_words,
        site_of=site_of,
        source_said=partial(source_said, language=language),
        telephone_link=telephone_link,
    )
    return made


def prepare(*, pseudo: bool = False) -> None:
    """Compile every template in every language, so that a broken one stops the start and nobody waits."""
    for language in (*LANGUAGES, *(PSEUDO_LANGUAGES if pseudo else ())):
        made = environment(language)
        for name in made.list_templates():
            made.get_template(name)


def render(
    request: web.Request,
    template: str,
    language: str,
    *,
    status: int = 200,
    session: Session | None = None,
    **context: Any,
) -> web.Response:
    """Answer with the page that *template* makes of *context*; *session* is that of the person signed in."""
    brand = request.app.get(BRAND, _OURS)
    frame = {
        "brand": brand,
        "calendar": calendar_of(request, language),
        "change_password": request.app.get(CHANGE_PASSWORD, ""),
        "languages": languages_of(request.app),
        "only_here": False,  # true where leaving the page loses what cannot be had again
        "now": now(),
        "path": request.path,
        "product": brand.name,
        "return_to": request.path_qs if request.method in {"GET", "HEAD"} else request.path,
        "session": session,
        "zone": zone_of(request),
    }
    text = environment(language).get_template(template).render(frame | context)
    return web.Response(
        text=text,
        status=status,
        content_type="text/html",
        charset="utf-8",
        headers={"Content-Language": language, "Vary": "Accept-Language, Cookie"},
    )


@pass_context
def _event_told(context: Context, entry: ActivityEntry) -> str:
    return event_sentence(entry, context["language"], product=context["product"])
