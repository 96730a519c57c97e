"""The rules of the methods that are there: rename, remove, choose the default. Pure."""

from security_info.methods import AppPassword, codes, kind_of
from security_info.model import SecurityInfo
from security_info.policy import APPS, Policies
from security_info.reaching import refuse_managed
from shared.contracts import security_info as contract
from shared.contracts.event import Event
from shared.deciding import Decision
from shared.facts import Facts


def rename(info: SecurityInfo, _facts: Facts, *, method_id: str, name: str) -> Decision[SecurityInfo]:
    """Give a method another name."""
    method = info.confirmed_method(method_id)
    refuse_managed(method)
    if not kind_of(method).can_be_renamed:
        raise contract.MethodCannotBeRenamed
    answer = {"method_id": method_id}
    if name == method.name:
        return Decision(info, answer)
    told = contract.MethodRenamed(method_id=method_id, method_type=method.type, name=name, previous_name=method.name)
    return Decision(info.with_method(method_id, method.with_changes(name=name)), answer, (told,))


def remove(info: SecurityInfo, _facts: Facts, *, method_id: str, policies: Policies) -> Decision[SecurityInfo]:
    """Remove a method that no organization requires; the default moves on. A setup is given up without news."""
    method = info.method(method_id)
    refuse_managed(method)
    after = info.without([method_id])
    if not method.confirmed_at:
        return Decision(after)
    policies(info.organizations()).refuse_lessening(list(info.confirmed().values()), list(after.confirmed().values()))
    news: list[Event] = [contract.MethodRemoved(method_id=method_id, method_type=method.type, name=method.name)]
    after, told = after.with_default_settled()
    return Decision(after, news=(*news, *told))


def set_default(info: SecurityInfo, _facts: Facts, *, method_id: str) -> Decision[SecurityInfo]:
    """Choose the method that is asked for first."""
    method = info.confirmed_method(method_id)
    if not kind_of(method).can_be_default:
        raise contract.MethodCannotBeDefault
    if info.default_method == method_id:
        return Decision(info)
    after, told = info.with_default(method_id)
    return Decision(after, news=tuple(told))


def lift_locks(info: SecurityInfo, facts: Facts) -> Decision[SecurityInfo]:
    """Forget what was tried with each method, as an administrator."""
    tried = [id_ for id_, method in info.methods.items() if method.tries]
    locked = [id_ for id_ in tried if any(tries.lock(facts.now) for tries in info.methods[id_].tries.values())]
    after = info
    for id_ in tried:
        after = after.with_method(id_, after.methods[id_].with_changes(tries={}))
    return Decision(after, news=(contract.LocksLifted(method_ids=tuple(locked)),) if locked else ())


def check_app_password(
    info: SecurityInfo, facts: Facts, *, password: str, policies: Policies
) -> Decision[SecurityInfo]:
    """Tell whether a password is one of the account's app passwords, and note that it was used."""
    id_ = app_password_of(info, password, policies)
    method = info.methods.get(id_ or "")
    if id_ is None or not isinstance(method, AppPassword):
        return Decision(info, {"method_id": None})
    return Decision(info.with_method(id_, method.noted(facts.now)), {"method_id": id_})


def app_password_of(info: SecurityInfo, password: str, policies: Policies) -> str | None:
    """Name the app password that this is, where the account may be used and every organization allows them."""
    if info.standing.disabled or policies(info.organizations()).barring("app-password", APPS):
        return None
    passwords = ((id_, method) for id_, method in info.confirmed().items() if isinstance(method, AppPassword))
    return next((id_ for id_, method in passwords if codes.same(password, method.digest)), None)
