"""One case that passes and one that fails for every rule that holds on GKE alone."""

from tests.plan.rule_case import Case

UBUNTU = {"family": "ubuntu"}
RESERVED = {"type": "reserved", "reservation_id": "projects/research/reservations/h100", "zone": "us-central1-a"}
A4 = {"machine_type": "a4-highgpu-8g", "zones": ("us-central1-b",)}
A4X = {
    "machine_type": "a4x-highgpu-4g",
    "zones": ("us-central1-a",),
    "capacity": ({"type": "reserved", "reservation_id": "gb200"},),
}
# Both of their SHA-256 begin with the same four digits.
SAME_DIGITS = ("r-168", "r-289")


def _reserved(*names: str) -> dict[str, object]:
    return {"zones": ("us-central1-a",), "capacity": [{**RESERVED, "reservation_id": name} for name in names]}


GCP_CASES: dict[str, Case] = {
    "one_block_at_a_time": Case(
        {"capacity": ({**RESERVED, "blocks": ("block-1",)},)},
        {"capacity": ({**RESERVED, "blocks": ("block-1", "block-2")},)},
        ("capacity[0].blocks",),
        cloud="gcp",
    ),
    "release_channel_repairs_nodes": Case(
        {"capacity": ("flex-start",), "repair": False},
        {"capacity": ("on-demand", "flex-start"), "repair": False},
        ("repair",),
        cloud="gcp",
    ),
    "latest_driver_is_for_cos": Case(
        {"driver_version": "latest"},
        {"driver_version": "latest", "image": UBUNTU},
        ("driver_version",),
        cloud="gcp",
    ),
    # GKE takes 40 characters: `-a-od` takes five.
    "node_pool_names_fit": Case({"name": "n" * 35}, {"name": "n" * 36}, ("name",), cloud="gcp"),
    "offerings_have_names_of_their_own": Case(
        _reserved("first", SAME_DIGITS[0]), _reserved("first", *SAME_DIGITS), ("capacity",), cloud="gcp"
    ),
    # 63 characters: `-gpu-7` takes six.
    "gpu_network_names_fit": Case({"fabric": "none"}, {"fabric": "tcpxo"}, ("name",), prefix="n" * 58, cloud="gcp"),
    "reservation_is_named": Case(
        {"capacity": (RESERVED, {**RESERVED, "reservation_id": "h100", "blocks": ("block-1",)})},
        {"capacity": ({**RESERVED, "reservation_id": "h100/reservationBlocks/block-1"},)},
        ("capacity[0].reservation_id",),
        cloud="gcp",
    ),
    "cos_keeps_googles_driver": Case(
        {"driver_owner": "operator", "image": UBUNTU}, {"driver_owner": "operator"}, ("driver_owner",), cloud="gcp"
    ),
    "gke_taints_gpu_nodes_itself": Case({"gpu_taint": True}, {"gpu_taint": False}, ("gpu_taint",), cloud="gcp"),
    "gke_taint_is_not_declared": Case(
        {"taints": [{"key": "nvidia.com/gpu", "effect": "NoExecute"}]},
        {"taints": [{"key": "team"}, {"key": "nvidia.com/gpu", "value": "present"}]},
        ("taints[1]",),
        cloud="gcp",
    ),
    "queued_nodes_start_at_zero": Case(
        {"capacity": ("queued",), "size": {"max": 8}},
        {"capacity": ("on-demand", "queued"), "size": {"min": 1, "desired": 2, "max": 8}},
        ("size.min", "size.desired"),
        cloud="gcp",
    ),
    # The reservation holds what is wanted, so that flex-start begins at zero; where it holds less, it would not.
    "flex_start_nodes_start_at_zero": Case(
        {"capacity": ({**RESERVED, "count": 5}, "flex-start"), "size": {"desired": 5, "max": 8}},
        {"capacity": ({**RESERVED, "count": 4}, "flex-start"), "size": {"desired": 5, "max": 8}},
        ("size.desired",),
        cloud="gcp",
    ),
    "flex_start_nodes_are_not_repaired": Case(
        {"capacity": ("flex-start",), "repair": False},
        {"capacity": ("on-demand", "flex-start"), "repair": True},
        ("repair",),
        cloud="gcp",
    ),
    "compact_placement_goes_with_the_capacity": Case(
        {**A4, "capacity": ("flex-start",), "placement": "cluster"},
        {"capacity": ("on-demand", "flex-start", "queued"), "placement": "cluster"},
        ("capacity[1]", "capacity[2]"),
        cloud="gcp",
    ),
    "mig_is_cut_by_gke": Case(
        {"sharing": {"type": "mig", "profile": "1g.10gb"}},
        {"sharing": {"type": "mig", "profile": "1g.10gb"}, "driver_owner": "operator", "image": UBUNTU},
        ("sharing",),
        cloud="gcp",
    ),
    "local_drives_are_not_raid10": Case(
        {"local_nvme": "mount"}, {"local_nvme": "raid10"}, ("local_nvme",), cloud="gcp"
    ),
    "own_placement_policy_is_the_librarys": Case(A4X, {**A4X, "placement": "none"}, ("placement",), cloud="gcp"),
}
