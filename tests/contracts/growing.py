"""How news grew since it was first told."""

from shared.contracts.devices import DeviceDisconnected
from shared.contracts.organizations import MembershipEnded, MembershipStarted, OrganizationChanged

LATER = {
    OrganizationChanged.wire: {"security_policy"},
    DeviceDisconnected.wire: {"reason"},
    MembershipStarted.wire: {"membership_id", "restored"},
    MembershipEnded.wire: {"membership_id", "purged_at"},
}
"""Fields that news had not from the beginning: what was told before still lies in the log without them."""
