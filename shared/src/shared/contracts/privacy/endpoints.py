"""What privacy answers."""

from shared.contracts.devices.problems import NotAMember
from shared.contracts.endpoint import Endpoint
from shared.contracts.lines import LineResult
from shared.contracts.privacy import data_use, history, notices, preferences, problems, services, terms

WRITE = "privacy.write"
"""The scope of systems that put in services, connections, terms, data uses and rules."""
WRITE_ACTIVITY = "activity.write"
"""The scope of systems that tell of sign-ins."""
_ORGANIZATION = "/system/organizations/{organization_id}"

GET_ACTIVITY = Endpoint(
    name="getActivity",
    summary="Read the history of the account, newest first",
    method="GET",
    path="/activity",
    query=history.ActivityQuery,
    response=history.Activity,
    problems=(problems.PlaceUnknown,),
)
GET_PARTS = Endpoint(
    name="getPrivacyParts",
    summary="Read services, terms, data uses and notices at once",
    method="GET",
    path="/privacy/parts",
    response=notices.PrivacyParts,
    exposed=False,
)
GET_GLANCE = Endpoint(
    name="getPrivacyAtAGlance",
    summary="Read what the overview shows of privacy",
    method="GET",
    path="/privacy/glance",
    response=notices.Glance,
    exposed=False,
)
GET_TERMS = Endpoint(
    name="getTerms",
    summary="Read a text of terms of use",
    method="GET",
    path="/privacy/terms/{terms_id}",
    query=terms.TermsQuery,
    response=terms.TermsText,
    problems=(problems.TermsNotFound, problems.TermsNotAsked),
)
ACCEPT_TERMS = Endpoint(
    name="acceptTerms",
    summary="Accept the current version of terms, as it was shown",
    method="POST",
    path="/privacy/terms/{terms_id}/accept",
    request=terms.AcceptTerms,
    response=terms.Acceptance,
    problems=(problems.TermsNotFound, problems.TermsNotAsked, problems.TermsChanged, problems.RegisterFull),
)
DISCONNECT_SERVICE = Endpoint(
    name="disconnectService",
    summary="Disconnect a service, where the organization allows it",
    method="POST",
    path="/privacy/services/{service_id}/disconnect",
    status=204,
    problems=(problems.ServiceNotFound, problems.DisconnectingForbidden),
)
GET_PREFERENCES = Endpoint(
    name="getPreferences",
    summary="Read the language, the regional format and the time zone",
    method="GET",
    path="/preferences",
    response=preferences.Preferences,
)
PUT_PREFERENCES = Endpoint(
    name="putPreferences",
    summary="Choose the language, the regional format and the time zone",
    method="PUT",
    path="/preferences",
    request=preferences.PutPreferences,
    response=preferences.Preferences,
    problems=(problems.LanguageLocked,),
)
PUT_SERVICE = Endpoint(
    name="putService",
    summary="Put in a service to which accounts may be connected",
    method="PUT",
    path=f"{_ORGANIZATION}/services/{{service_id}}",
    request=services.PutService,
    status=204,
    problems=(problems.RegisterFull,),
    scope=WRITE,
)
DELETE_SERVICE = Endpoint(
    name="deleteService",
    summary="Take a service out; accounts are not connected to it any more",
    method="DELETE",
    path=f"{_ORGANIZATION}/services/{{service_id}}",
    status=204,
    scope=WRITE,
)
PUT_CONNECTION = Endpoint(
    name="putConnection",
    summary="Connect an account to a service, or tell when it was last used",
    method="PUT",
    path="/system/accounts/{account}/organizations/{organization_id}/services/{service_id}",
    request=services.PutConnection,
    optional_body=True,
    status=204,
    problems=(problems.ServiceNotFound, NotAMember, problems.RegisterFull),
    scope=WRITE,
)
DELETE_CONNECTION = Endpoint(
    name="deleteConnection",
    summary="Disconnect an account from a service",
    method="DELETE",
    path="/system/accounts/{account}/organizations/{organization_id}/services/{service_id}",
    status=204,
    scope=WRITE,
)
PUT_DATA_USE = Endpoint(
    name="putDataUse",
    summary="Put in what an organization does with a category of data",
    method="PUT",
    path=f"{_ORGANIZATION}/data-uses/{{use_id}}",
    request=data_use.PutDataUse,
    status=204,
    problems=(problems.RegisterFull,),
    scope=WRITE,
)
DELETE_DATA_USE = Endpoint(
    name="deleteDataUse",
    summary="Take a use of data out",
    method="DELETE",
    path=f"{_ORGANIZATION}/data-uses/{{use_id}}",
    status=204,
    scope=WRITE,
)
PUBLISH_TERMS = Endpoint(
    name="publishTerms",
    summary="Publish a version of terms, which is current from then on",
    method="PUT",
    path=f"{_ORGANIZATION}/terms/{{terms_id}}/versions/{{version}}",
    request=terms.PublishTerms,
    status=204,
    problems=(problems.VersionPublished, problems.RegisterFull),
    scope=WRITE,
    body_limit=2 * 1024 * 1024,
)
WITHDRAW_TERMS = Endpoint(
    name="withdrawTerms",
    summary="Ask nobody to accept these terms any more; what was accepted stays on record",
    method="DELETE",
    path=f"{_ORGANIZATION}/terms/{{terms_id}}",
    status=204,
    scope=WRITE,
)
PUT_RULES = Endpoint(
    name="putPrivacyRules",
    summary="Say for how long histories are kept, and whether the language is locked",
    method="PUT",
    path=f"{_ORGANIZATION}/privacy-rules",
    request=preferences.PutPrivacyRules,
    status=204,
    scope=WRITE,
)
RECORD_SIGN_INS = Endpoint(
    name="recordSignIns",
    summary="Tell of sign-ins: a line each (NDJSON), answered by a line each",
    method="POST",
    path="/system/sign-ins",
    request=history.SignInLine,
    response=LineResult,
    lines=True,
    scope=WRITE_ACTIVITY,
    problems=(NotAMember, problems.SignInKnown),
)

ENDPOINTS = (
    GET_ACTIVITY,
    GET_PARTS,
    GET_GLANCE,
    GET_TERMS,
    ACCEPT_TERMS,
    DISCONNECT_SERVICE,
    GET_PREFERENCES,
    PUT_PREFERENCES,
    PUT_SERVICE,
    DELETE_SERVICE,
    PUT_CONNECTION,
    DELETE_CONNECTION,
    PUT_DATA_USE,
    DELETE_DATA_USE,
    PUBLISH_TERMS,
    WITHDRAW_TERMS,
    PUT_RULES,
    RECORD_SIGN_INS,
)
