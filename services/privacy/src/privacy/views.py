"""State → what is shown of it."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from privacy.account import Accepted
from privacy.history.activity import Entry, Found
from privacy.history.entries import by_of, part_of
from privacy.known import Known
from privacy.languages import chosen
from privacy.register import Terms
from privacy.terms.agreeing import is_to_accept, newest_first, of_version
from privacy.terms.texts import Text
from shared.contracts import privacy as contract
from shared.contracts.envelope import Client

_NEVER = datetime.min.replace(tzinfo=UTC)


def public_id(organization_id: str, id_: str) -> str:
    """Name what two organizations may both call *id_*."""
    return f"{organization_id}~{id_}"


def parted(public: str) -> tuple[str, str]:
    """Give the organization and the id of a public id; of anything else what no organization has."""
    organization_id, _, id_ = public.partition("~")
    return organization_id, id_


def parts(known: Known, language: str) -> contract.PrivacyParts:
    """Show all that is known to show on one page."""
    return contract.PrivacyParts(
        notices=notices(known).notices,
        terms=terms(known, language),
        services=services(known),
        data_uses=tuple(_data_uses(known, language)),
    )


def glance(known: Known, language: str, found: Found, second_step_failed_at: datetime | None) -> contract.Glance:
    """Show what the overview has of it."""
    return contract.Glance(
        notices=notices(known),
        terms_to_accept=sum(one.to_accept for one in terms(known, language)),
        services=len(services(known)),
        activity=activity(found),
        second_step_failed_at=second_step_failed_at,
    )


def notices(known: Known) -> contract.Notices:
    """Show what the account's organizations declare."""
    home = known.account.home.organization_id
    return contract.Notices(
        notices=tuple(
            contract.Notice(
                organization_id=id_,
                organization_name=known.name(id_),
                home=id_ == home,
                statement=known.declared.get(id_, {}).get("statement"),
            )
            for id_ in known.organizations()
        )
    )


def terms(known: Known, language: str) -> tuple[contract.Terms, ...]:
    """Show terms, those to accept first; withdrawn ones to who accepted them only."""
    shown = [
        _terms(known, organization_id, id_, one, language)
        for organization_id in known.organizations()
        for id_, one in known.register(organization_id).published.items()
        if is_shown(known, organization_id, id_, one)
    ]
    return tuple(sorted(shown, key=lambda one: not one.to_accept))


def is_shown(known: Known, organization_id: str, terms_id: str, shown: Terms) -> bool:
    """Tell whether terms are shown to the account."""
    accepted = known.account.acceptances(organization_id, terms_id)
    return known.account.belongs_to(organization_id) and (shown.withdrawn_at is None or bool(accepted))


def _terms(known: Known, organization_id: str, terms_id: str, shown: Terms, language: str) -> contract.Terms:
    accepted = known.account.acceptances(organization_id, terms_id)
    current = shown.current
    return contract.Terms(
        id=public_id(organization_id, terms_id),
        organization_id=organization_id,
        organization_name=known.name(organization_id),
        title=current.titles[chosen(current.titles, language)],
        version=current.version,
        published_at=current.published_at,
        languages=tuple(current.titles),
        withdrawn_at=shown.withdrawn_at,
        acceptances=tuple(_acceptance(one) for one in newest_first(accepted, shown)),
        to_accept=is_to_accept(accepted, shown),
    )


def terms_text(
    known: Known,
    terms_id: tuple[str, str],
    texts: Mapping[str, Text] | None,
    *,
    version: str,
    shown: str | None,
    reader: str,
) -> contract.TermsText:
    """Show the text of a *version*, in the language *shown* or the *reader*'s own, as the rest is.

    Raises `TermsNotFound` where the account is shown no such terms, version or language, `TermsNotAsked` where terms
    were withdrawn that it never accepted.
    """
    organization_id, id_ = terms_id
    of = known.register(organization_id).published.get(id_)
    if of is None or not texts or of.version(version) is None or not known.account.belongs_to(organization_id):
        raise contract.TermsNotFound
    if of.withdrawn_at and not is_shown(known, organization_id, id_, of):
        raise contract.TermsNotAsked(withdrawn_at=of.withdrawn_at)
    language = shown or chosen(texts, reader)
    if language not in texts:
        raise contract.TermsNotFound
    told = _terms(known, organization_id, id_, of, reader)
    accepted = of_version(known.account.acceptances(organization_id, id_), version)
    return contract.TermsText(
        **{**dict(told), "languages": tuple(texts)},
        shown_version=version,
        shown_language=language,
        shown_title=texts[language].title,
        html=texts[language].html,
        digest=texts[language].digest,
        accepted=_acceptance(accepted) if accepted else None,
    )


def _acceptance(accepted: Accepted) -> contract.Acceptance:
    return contract.Acceptance.model_validate(accepted.model_dump(exclude={"session"}))


def services(known: Known) -> tuple[contract.ConnectedService, ...]:
    """Show the services to which the account is connected, the last used first."""
    shown = list(_services(known))
    return tuple(
        sorted(shown, key=lambda one: (-(one.last_used_at or _NEVER).timestamp(), one.name.casefold(), one.id))
    )


def _services(known: Known) -> Iterator[contract.ConnectedService]:
    for organization_id in known.account.organizations():
        register = known.register(organization_id)
        for id_, connection in known.account.connections(organization_id).items():
            service = register.services.get(id_)
            if service is None or service.entry != connection.entry:
                continue  # it was taken out; what is left of it goes
            yield contract.ConnectedService(
                id=public_id(organization_id, id_),
                organization_id=organization_id,
                organization_name=known.name(organization_id),
                **service.model_dump(exclude={"entry", "may_disconnect"}),
                since=connection.since,
                last_used_at=connection.last_used_at,
                can_disconnect=service.may_disconnect,
            )


def _data_uses(known: Known, language: str) -> Iterator[contract.DataUse]:
    def read(sentence: Mapping[str, str]) -> contract.ToldSentence:
        told = chosen(sentence, language)
        return contract.ToldSentence(text=sentence[told], language=told)

    for organization_id in known.organizations():
        for id_, use in known.register(organization_id).data_uses.items():
            yield contract.DataUse(
                id=public_id(organization_id, id_),
                organization_id=organization_id,
                organization_name=known.name(organization_id),
                **use.model_dump(exclude={"retention", "recipients", "remark"}),
                retention=read(use.retention),
                recipients=read(use.recipients) if use.recipients else None,
                remark=read(use.remark) if use.remark else None,
            )


def activity(found: Found) -> contract.Activity:
    """Show a page of the history."""
    return contract.Activity(
        entries=tuple(_entry(entry) for entry in found.entries),
        next=found.next,
        searched_until=found.searched_until,
    )


def _entry(entry: Entry) -> contract.ActivityEntry:
    return contract.ActivityEntry(
        id=entry["_id"],
        type=entry["type"],
        part=entry.get("part") or part_of(entry["type"]),
        at=entry["at"],
        by=entry.get("by") or by_of(entry["type"], entry.get("authtype")),  # an earlier version entered neither
        client=Client.model_validate(entry["client"]),
        facts=entry["facts"],
    )
