"""What security-info answers."""

from shared.contracts.endpoint import Endpoint
from shared.contracts.organizations import AccountNotFound
from shared.contracts.security_info import methods, problems, proofs, reaching

WRITE = "security-info.write"
"""The scope of systems that lift locks, issue temporary access codes and put methods in."""
VERIFY = "security-info.verify"
"""The scope of systems that let apps in by app passwords."""
_CHANGE: proofs.ProofScope = "security-info.change"
_CREDENTIAL_LIMIT = 128 * 1024
"""Bytes; an attestation may bring its certificates."""

GET_SECURITY_INFO = Endpoint(
    name="getSecurityInfo",
    summary="List the methods of security info, what can be added, and what one's organizations ask for",
    method="GET",
    path="/security-info",
    response=methods.SecurityInfo,
)
GET_QUESTIONS = Endpoint(
    name="getSecurityQuestions",
    summary="List the security questions to choose from",
    method="GET",
    path="/security-info/questions",
    response=methods.Questions,
)
ADD_METHOD = Endpoint(
    name="addMethod",
    summary="Add a method, or start its setup; then it counts once it is confirmed",
    method="POST",
    path="/security-info/methods",
    request=methods.AddMethod,
    response=methods.MethodStarted,
    status=201,
    # Sent again, it shows the setup that it started, which may have come to an end meanwhile.
    problems=(
        problems.MethodLimitReached,
        problems.MethodNotFound,
        problems.MethodNotConfirmed,
        problems.MethodTypeNotAllowed,
        problems.MethodNeeded,
        problems.MethodConfirmedAlready,
        problems.SetupEnded,
        problems.ShownOnce,
        problems.TooManySends,
    ),
    needs_proof=_CHANGE,
    fresh=True,
)
GET_SETUP = Endpoint(
    name="getMethodSetup",
    summary="Show a setup that is under way again",
    method="GET",
    path="/security-info/methods/{method_id}/setup",
    response=methods.MethodStarted,
    problems=(problems.MethodNotFound, problems.MethodConfirmedAlready, problems.SetupEnded),
    needs_proof=_CHANGE,
    exposed=False,
    fresh=True,
)
CONFIRM_METHOD = Endpoint(
    name="confirmMethod",
    summary="Finish a setup with a code that the method shows, or with the credential that a security key made",
    method="POST",
    path="/security-info/methods/{method_id}/confirm",
    request=methods.ConfirmMethod,
    response=methods.Method,
    problems=(
        problems.MethodNotFound,
        problems.MethodConfirmedAlready,
        problems.MethodTypeNotAllowed,
        problems.MethodNeeded,
        problems.MethodLimitReached,
        problems.CodeIncorrect,
        problems.CodeExpired,
        problems.CredentialRefused,
        problems.SetupEnded,
    ),
    needs_proof=_CHANGE,
    body_limit=_CREDENTIAL_LIMIT,
)
SEND_CODE = Endpoint(
    name="sendCode",
    summary="Send another code to a phone or an address that waits to be confirmed; the one before is good no more",
    method="POST",
    path="/security-info/methods/{method_id}/send-code",
    request=reaching.SendCode,
    response=reaching.CodeSetup,
    problems=(
        problems.MethodNotFound,
        problems.MethodConfirmedAlready,
        problems.MethodTypeNotAllowed,
        problems.NothingToSend,
        problems.SetupEnded,
        problems.TooManySends,
    ),
    needs_proof=_CHANGE,
    fresh=True,
)
CHANGE_METHOD = Endpoint(
    name="changeMethod",
    summary="Give a method another name, or a phone or address another target, which counts once it is confirmed",
    method="PATCH",
    path="/security-info/methods/{method_id}",
    request=methods.ChangeMethod,
    response=methods.Method,
    problems=(
        problems.MethodNotFound,
        problems.MethodNotConfirmed,
        problems.MethodCannotBeRenamed,
        problems.MethodTypeNotAllowed,
        problems.MethodIsManaged,
        problems.TooManySends,
    ),
    needs_proof=_CHANGE,
)
GIVE_UP_CHANGE = Endpoint(
    name="giveUpChange",
    summary="Give up another number or address that waits for its code; the one that counts stays",
    method="DELETE",
    path="/security-info/methods/{method_id}/change",
    status=204,
    problems=(problems.MethodNotFound, problems.MethodNotConfirmed),
    needs_proof=_CHANGE,
)
REMOVE_METHOD = Endpoint(
    name="removeMethod",
    summary="Remove a method, or give a setup up",
    method="DELETE",
    path="/security-info/methods/{method_id}",
    status=204,
    problems=(problems.MethodNotFound, problems.MethodNeeded, problems.MethodIsManaged),
    needs_proof=_CHANGE,
)
SET_DEFAULT_METHOD = Endpoint(
    name="setDefaultMethod",
    summary="Choose the method that is asked for first",
    method="PUT",
    path="/security-info/default-method",
    request=methods.SetDefaultMethod,
    response=methods.SecurityInfo,
    problems=(problems.MethodNotFound, problems.MethodNotConfirmed, problems.MethodCannotBeDefault),
    needs_proof=_CHANGE,
)
START_PROOF = Endpoint(
    name="startProof",
    summary="Ask for a challenge, to prove who one is before something that needs it",
    method="POST",
    path="/security-info/proofs",
    request=proofs.StartProof,
    response=proofs.ProofChallenge,
    status=201,
    problems=(
        problems.MethodNotFound,
        problems.MethodNotConfirmed,
        problems.MethodCannotProve,
        problems.MethodIsLocked,
        problems.SignInTooOld,
        problems.AccessCodeNeeded,
        problems.ChallengeEnded,
        problems.MethodTypeNotAllowed,
        problems.TooManySends,
    ),
    fresh=True,
)
ANSWER_PROOF = Endpoint(
    name="answerProof",
    summary="Answer a challenge; what comes back goes into the header Proof",
    method="POST",
    path="/security-info/proofs/{challenge_id}/answer",
    request=proofs.AnswerProof,
    response=proofs.ProofGiven,
    problems=(
        problems.ChallengeEnded,
        problems.CodeIncorrect,
        problems.CredentialRefused,
        problems.MethodIsLocked,
        problems.AccessCodeVoid,
    ),
    fresh=True,
    body_limit=_CREDENTIAL_LIMIT,
)
GET_LOCKS = Endpoint(
    name="getLocks",
    summary="List the locks of an account's methods",
    method="GET",
    path="/system/accounts/{account}/locks",
    response=proofs.AccountLocks,
    scope=WRITE,
)
LIFT_LOCKS = Endpoint(
    name="liftLocks",
    summary="Lift the locks of an account's methods",
    method="DELETE",
    path="/system/accounts/{account}/locks",
    status=204,
    scope=WRITE,
)
ISSUE_ACCESS_CODE = Endpoint(
    name="issueAccessCode",
    summary="Issue a temporary access code, which proves once who the person is; the one before ends",
    method="POST",
    path="/system/accounts/{account}/access-code",
    request=proofs.IssueAccessCode,
    response=proofs.AccessCode,
    status=201,
    problems=(AccountNotFound, problems.ShownOnce),
    scope=WRITE,
    fresh=True,
)
CHECK_APP_PASSWORD = Endpoint(
    name="checkAppPassword",
    summary="Tell whether an app password is one of the account's, and note that it was used",
    method="POST",
    path="/system/accounts/{account}/app-passwords/check",
    request=proofs.CheckAppPassword,
    response=proofs.AppPasswordChecked,
    scope=VERIFY,
    fresh=True,
)
PUT_METHOD = Endpoint(
    name="putMethod",
    summary="Put in a phone that the organization knows by itself, or change it; the person cannot",
    method="PUT",
    path="/system/accounts/{account}/methods/{method_id}",
    request=reaching.PutMethod,
    response=reaching.MethodRecord,
    problems=(
        AccountNotFound,
        problems.MethodNotFound,
        problems.MethodLimitReached,
        problems.MethodTypeNotAllowed,
    ),
    scope=WRITE,
)
WITHDRAW_METHOD = Endpoint(
    name="withdrawMethod",
    summary="Take out a phone that the organization put in",
    method="DELETE",
    path="/system/accounts/{account}/methods/{method_id}",
    status=204,
    problems=(AccountNotFound, problems.MethodNotFound),
    scope=WRITE,
)

ENDPOINTS = (
    GET_SECURITY_INFO,
    GET_QUESTIONS,
    ADD_METHOD,
    GET_SETUP,
    CONFIRM_METHOD,
    SEND_CODE,
    CHANGE_METHOD,
    GIVE_UP_CHANGE,
    REMOVE_METHOD,
    SET_DEFAULT_METHOD,
    START_PROOF,
    ANSWER_PROOF,
    GET_LOCKS,
    LIFT_LOCKS,
    ISSUE_ACCESS_CODE,
    CHECK_APP_PASSWORD,
    PUT_METHOD,
    WITHDRAW_METHOD,
)
