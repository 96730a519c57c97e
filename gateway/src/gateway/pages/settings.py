"""Settings: the language, the regional format and the time zone, everywhere and in every letter."""

from aiohttp import web

from gateway import regions
from gateway.language import COOKIE, keep_language, languages_of, zone_of
from gateway.pages.forms import Form, command_of, refuse, see_other, typed
from gateway.preferences import Preferences
from gateway.rendering import render
from gateway.visiting import Visit
from shared.contracts import privacy as contract
from shared.facts import now
from shared.telling.languages import LANGUAGES

HERE = "/settings"
_CHOICES = ("language", "region", "time_zone")


async def show(visit: Visit) -> web.Response:
    """Show what is chosen and what there is to choose."""
    chosen = (await visit.ask(visit.services.privacy, contract.GET_PREFERENCES)).read(contract.Preferences)
    zone = zone_of(visit.request)
    offered = regions.formats(visit.language, now().astimezone(zone).date(), chosen.region)
    return render(
        visit.request,
        "settings.html",
        visit.language,
        session=visit.session,
        chosen=chosen,
        done="done" in visit.request.query,
        form=Form(),
        offered=LANGUAGES,
        regions=offered,
        region=chosen.region,
        usual=regions.usual_name(visit.language),
        zones=(zones := regions.zones(visit.language)),
        zone_chosen=(zone_chosen := regions.zone_to_choose(chosen.time_zone)),
        zone_of_no_city=zone_chosen not in {None, *(city.code for _area, cities in zones for city in cities)},
    )


async def save(visit: Visit) -> web.Response:
    """Save what is chosen; it shows on the next page, and this browser's own language goes with it."""
    body = {name: (await typed(visit, name)) or None for name in _CHOICES}
    answer = await visit.command(
        visit.services.privacy, contract.PUT_PREFERENCES, command=await command_of(visit), body=body
    )
    if not answer.ok:
        raise refuse(answer)
    chosen = answer.read(contract.Preferences)
    await visit.own.keep_preferences(visit.call("prefer"), Preferences.of_answer(chosen))
    response = see_other(f"{HERE}?done=saved")
    if chosen.language in languages_of(visit.request.app):
        keep_language(visit.request, response, str(chosen.language))
    else:
        response.del_cookie(COOKIE, path="/")
    return response
