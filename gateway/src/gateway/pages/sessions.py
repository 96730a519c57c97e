"""Where a person is signed in: list the browsers, sign out of one of them or everywhere."""

from aiohttp import web

from gateway.pages.forms import Form, command_of, see_other
from gateway.rendering import render
from gateway.visiting import Visit

HERE = "/sessions"


async def show(visit: Visit) -> web.Response:
    """List the browsers, this one first."""
    return render(
        visit.request,
        "sessions.html",
        visit.language,
        session=visit.session,
        sessions=(await visit.own.get_sessions(visit.call())).sessions,
        done=visit.request.query.get("done") == "ended",
        form=Form(),
    )


async def end(visit: Visit) -> web.Response:
    """Sign out of one browser; when it is this one, nobody is signed in here any more."""
    session_id = visit.request.match_info["session_id"]
    await visit.own.end_session(visit.call("end", command=await command_of(visit), session_id=session_id))
    if session_id == visit.principal.session:
        return visit.forget_cookie(see_other("/signed-out"))
    return see_other(f"{HERE}?done=ended")


async def ask_everywhere(visit: Visit) -> web.Response:
    """Tell what signing out everywhere would mean, and ask."""
    return render(
        visit.request,
        "sign_out_everywhere.html",
        visit.language,
        session=visit.session,
        sessions=(await visit.own.get_sessions(visit.call())).sessions,
        form=Form(),
    )


async def sign_out_everywhere(visit: Visit) -> web.Response:
    """Sign out of every browser and every program, then at the provider."""
    call = visit.call("sign out everywhere", command=await command_of(visit))
    return visit.forget_cookie(see_other(await visit.own.leave_everything(call, hinting_at=visit.principal.session)))
