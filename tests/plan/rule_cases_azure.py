"""One case that passes and one that fails for every rule that holds on AKS alone."""

from tests.plan.rule_case import Case

COMPUTE = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/gpu/providers/Microsoft.Compute"
GROUP = f"{COMPUTE}/capacityReservationGroups/a100"
RESERVED = {"type": "reserved", "reservation_id": GROUP, "zone": "1"}
H100 = {"machine_type": "Standard_ND96isr_H100_v5", "zones": ("regional",)}
# Both of their SHA-256 begin with the same two digits.
SAME_DIGITS = (f"{COMPUTE}/capacityReservationGroups/g-1", f"{COMPUTE}/capacityReservationGroups/g-6")


def _reserved(*groups: str) -> dict[str, object]:
    return {"zones": ("1",), "capacity": [{**RESERVED, "reservation_id": group} for group in groups]}


AZURE_CASES: dict[str, Case] = {
    # AKS takes twelve characters: ten are left beside capacity type and zone, dashes not counted.
    "agent_pool_names_fit": Case({"name": "abcde-fghij"}, {"name": "abcdefghijk"}, ("name",), cloud="azure"),
    "offerings_have_names_of_their_own": Case(
        _reserved(GROUP, SAME_DIGITS[0]), _reserved(GROUP, *SAME_DIGITS), ("capacity",), cloud="azure"
    ),
    "reservation_is_a_group": Case(
        {"capacity": (RESERVED,)},
        {
            "capacity": (
                {**RESERVED, "reservation_id": f"{COMPUTE}/capacityReservationGroups/a/capacityReservations/b"},
            )
        },
        ("capacity[0].reservation_id",),
        cloud="azure",
    ),
    "existing_placement_is_a_group": Case(
        {"zones": ("1",), "placement": {"type": "existing", "name": f"{COMPUTE}/proximityPlacementGroups/near"}},
        {"zones": ("1",), "placement": {"type": "existing", "name": "near"}},
        ("placement.name",),
        cloud="azure",
    ),
    "aks_has_a_driver_for_the_size": Case(
        {"machine_type": "Standard_ND96isr_MI300X_v5", "zones": ("regional",), "driver_owner": "operator"},
        {"machine_type": "Standard_ND96isr_MI300X_v5", "zones": ("regional",)},
        ("driver_owner",),
        cloud="azure",
    ),
    "grid_driver_comes_from_aks": Case(
        {"machine_type": "Standard_NV36ads_A10_v5", "zones": ("regional",)},
        {"machine_type": "Standard_NV36ads_A10_v5", "zones": ("regional",), "driver_owner": "operator"},
        ("driver_owner",),
        cloud="azure",
    ),
    "mig_is_cut_by_aks": Case(
        {"sharing": {"type": "mig", "profile": "3g.40gb"}},
        {"sharing": {"type": "mig", "profile": "3g.40gb"}, "driver_owner": "operator"},
        ("sharing",),
        cloud="azure",
    ),
    "mig_profile_is_one_of_aks": Case(
        {"sharing": {"type": "mig", "profile": "1g.10gb"}},
        {"sharing": {"type": "mig", "profile": "1g.20gb"}},
        ("sharing.profile",),
        cloud="azure",
    ),
    "amd_sizes_run_ubuntu": Case(
        {"image": {"family": "azure-linux"}},
        {
            "machine_type": "Standard_ND96isr_MI300X_v5",
            "zones": ("regional",),
            "driver_owner": "operator",
            "image": {"family": "azure-linux"},
        },
        ("image.family",),
        cloud="azure",
    ),
    "repair_cannot_be_turned_off": Case({"repair": True}, {"repair": False}, ("repair",), cloud="azure"),
    "infiniband_stays_in_one_group": Case(
        {**H100, "fabric": "native", "size": {"max": 100}},
        {**H100, "fabric": "native", "size": {"max": 101}},
        ("size.max",),
        cloud="azure",
    ),
}
