"""What organizations answers."""

from shared.contracts.endpoint import Endpoint
from shared.contracts.organizations import problems, records

WRITE_ORGANIZATIONS = "organizations.write"
"""The scope of systems that put organizations in."""
WRITE_ACCOUNTS = "accounts.write"
"""The scope of systems that put accounts and memberships in."""

GET_ORGANIZATIONS = Endpoint(
    name="getOrganizations",
    summary="Read who one is to one's organizations, and list them",
    method="GET",
    path="/organizations",
    response=records.Organizations,
)
LEAVE_ORGANIZATION = Endpoint(
    name="leaveOrganization",
    summary="Leave an organization other than the home organization; what one has there goes",
    method="POST",
    path="/organizations/{organization_id}/leave",
    status=204,
    problems=(
        problems.OrganizationNotFound,
        problems.HomeOrganization,
        problems.OwnerCannotLeave,
        problems.LeavingForbidden,
    ),
    needs_proof="organization.leave",
)
NOTE_CLAIMS = Endpoint(
    name="noteSignInClaims",
    summary="Remember what a sign-in told of the person",
    method="PUT",
    path="/organizations/claims",
    request=records.SignInClaims,
    status=204,
    exposed=False,
)
PUT_ORGANIZATION = Endpoint(
    name="putOrganization",
    summary="Put an organization in, or change what is known of it",
    method="PUT",
    path="/system/organizations/{organization_id}",
    request=records.PutOrganization,
    response=records.OrganizationRecord,
    scope=WRITE_ORGANIZATIONS,
)
PUT_ACCOUNT = Endpoint(
    name="putAccount",
    summary="Put an account in, with its profile and home organization, or disable it",
    method="PUT",
    path="/system/accounts/{account}",
    request=records.PutAccount,
    response=records.AccountRecord,
    problems=(problems.OrganizationNotFound, problems.MembershipLimitReached),
    scope=WRITE_ACCOUNTS,
)
START_MEMBERSHIP = Endpoint(
    name="startMembership",
    summary="Make an account a member of an organization, or tell what is known of the membership",
    method="PUT",
    path="/system/accounts/{account}/organizations/{organization_id}",
    request=records.PutMembership,
    optional_body=True,
    status=204,
    problems=(problems.OrganizationNotFound, problems.AccountNotFound, problems.MembershipLimitReached),
    scope=WRITE_ACCOUNTS,
)
END_MEMBERSHIP = Endpoint(
    name="endMembership",
    summary="End the membership of an organization other than the home organization",
    method="DELETE",
    path="/system/accounts/{account}/organizations/{organization_id}",
    status=204,
    problems=(problems.OrganizationNotFound, problems.AccountNotFound, problems.HomeOrganization),
    scope=WRITE_ACCOUNTS,
)
RESTORE_MEMBERSHIP = Endpoint(
    name="restoreMembership",
    summary="Let a membership that ended in the last 30 days go on as it was",
    method="POST",
    path="/system/accounts/{account}/organizations/{organization_id}/restore",
    status=204,
    problems=(
        problems.OrganizationNotFound,
        problems.AccountNotFound,
        problems.NothingToRestore,
        problems.MembershipLimitReached,
    ),
    scope=WRITE_ACCOUNTS,
)

ENDPOINTS = (
    GET_ORGANIZATIONS,
    LEAVE_ORGANIZATION,
    NOTE_CLAIMS,
    PUT_ORGANIZATION,
    PUT_ACCOUNT,
    START_MEMBERSHIP,
    END_MEMBERSHIP,
    RESTORE_MEMBERSHIP,
)
