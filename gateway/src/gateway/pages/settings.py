"""Settings: the language, the regional format and the time zone, everywhere and in every letter."""

from aiohttp import web

from gateway import regions
from gateway.language import COOKIE, browser_region, browser_zone, keep_language, languages_of
from gateway.pages.forms import Form, command_of, faults_of, refuse, see_other, typed
from gateway.preferences import Preferences
from gateway.rendering import render
from gateway.visiting import Visit
from gateway.words import with_words
from shared.calling import Answer
from shared.contracts import privacy as contract
from shared.facts import now
from shared.telling.languages import LANGUAGES

HERE = "/settings"
_CHOICES = ("language", "region", "time_zone")


async def show(visit: Visit) -> web.Response:
    """Show what is chosen and what there is to choose."""
    kept = await _kept(visit)
    return _page(visit, kept, Form(values={name: getattr(kept, name) or "" for name in _CHOICES}))


async def save(visit: Visit) -> web.Response:
    """Save what is chosen; it shows on the next page, and this browser's own language goes with it.

    Where something of it is refused, the page says so beside it and keeps the rest.
    """
    wish = {name: await typed(visit, name) for name in _CHOICES}
    body = {name: value or None for name, value in wish.items()}
    answer = await visit.command(
        visit.services.privacy, contract.PUT_PREFERENCES, command=await command_of(visit), body=body
    )
    if not answer.ok:
        return _page(visit, await _kept(visit), Form(values=wish, faults=_faults(visit, answer)), answer.status)
    chosen = answer.read(contract.Preferences)
    await visit.own.keep_preferences(visit.call("prefer"), Preferences.of_answer(chosen))
    response = see_other(f"{HERE}?done=saved")
    if chosen.language in languages_of(visit.request.app):
        keep_language(visit.request, response, str(chosen.language))
    else:
        response.del_cookie(COOKIE, path="/")
    return response


async def _kept(visit: Visit) -> contract.Preferences:
    return (await visit.ask(visit.services.privacy, contract.GET_PREFERENCES)).read(contract.Preferences)


def _faults(visit: Visit, answer: Answer) -> dict[str, str]:
    """Tell which choice was refused and why; whatever else was in the way is raised."""
    document = answer.problem().model_dump()
    if document["key"] == contract.LanguageLocked.key:
        return {"language": with_words(document, visit.language)["detail"]}
    faults = faults_of(document, visit.language, *_CHOICES)
    if not faults:
        raise refuse(answer)
    return faults


def _page(visit: Visit, kept: contract.Preferences, form: Form, status: int = 200) -> web.Response:
    language, moment, wish = visit.language, now(), form.values
    told, zone = browser_region(visit.request, language), browser_zone(visit.request)
    chosen = regions.zone_to_choose(wish["time_zone"] or None)
    cities = regions.zones(language, moment)
    return render(
        visit.request,
        "settings.html",
        language,
        status=status,
        session=visit.session,
        kept=kept,
        done="done" in visit.request.query,
        form=form,
        offered=LANGUAGES,
        regions=regions.formats(language, moment.date(), wish["region"] or None),
        usual=regions.Choice(
            "", regions.region_name(language, told), regions.example_of(language, told, moment.date())
        ),
        browser_tells=told is not None,
        zones=cities,
        zone_chosen=chosen,
        zone_of_no_city=chosen not in {None, regions.UTC, *(city.code for _area, of in cities for city in of)},
        browser_zone=zone and (regions.zone_name(language, zone), regions.difference(zone, moment)),
    )
