"""Cases of the rules that every pool is held against where they come out differently by cloud; rules of fields, too."""

from typing import Any

from gpucloud.facts.vendor_machines import Cloud
from gpucloud.plan import Offering
from tests.plan.rule_case import Case

_AMI = {"family": "custom", "id": "ami-0123456789abcdef0"}
_GROUP = "/subscriptions/s/resourceGroups/r/providers/Microsoft.Compute/capacityReservationGroups/g"
_PLACEMENT = "/subscriptions/s/resourceGroups/r/providers/Microsoft.Compute/proximityPlacementGroups/p"
_ON: dict[Cloud, dict[str, Any]] = {
    "aws": {"type": "reserved", "reservation_id": "cr-0123"},
    "azure": {"type": "reserved", "reservation_id": _GROUP},
    "gcp": {"type": "reserved", "reservation_id": "h100"},
}
_ONE_ZONE: dict[Cloud, tuple[str, ...]] = {"aws": ("us-east-1a",), "azure": ("1",), "gcp": ("us-central1-a",)}
_MIG = {"type": "mig", "profile": "1g.10gb"}

# A rule's name and a cloud: one case each.
PLATFORM_CASES: tuple[tuple[str, Case], ...] = (
    ("image_family_is_the_clouds", Case({}, {"image": {"family": "ubuntu"}}, ("image.family",))),
    (
        "image_family_is_the_clouds",
        Case({"image": {"family": "azure-linux"}}, {"image": {"family": "cos"}}, ("image.family",), cloud="azure"),
    ),
    (
        "image_family_is_the_clouds",
        Case({"image": {"family": "ubuntu"}}, {"image": _AMI}, ("image.family",), cloud="gcp"),
    ),
    (
        "driver_version_has_an_owner",
        Case(
            {"image": _AMI, "driver_owner": "operator", "driver_version": "580.126.09"},
            {"driver_version": "580.126.09"},
            ("driver_version",),
        ),
    ),
    (
        "driver_version_has_an_owner",
        Case(
            {"image": _AMI, "driver_owner": "host"},
            {"image": _AMI, "driver_owner": "host", "driver_version": "580.126.09"},
            ("driver_version",),
        ),
    ),
    (
        "driver_version_has_an_owner",
        Case(
            {"driver_owner": "operator", "driver_version": "580.126.09"},
            {"driver_version": "latest"},
            ("driver_version",),
            cloud="azure",
        ),
    ),
    (
        "driver_version_has_an_owner",
        Case({"driver_version": "latest"}, {"driver_version": "580.126.09"}, ("driver_version",), cloud="gcp"),
    ),
    (
        "driver_version_has_an_owner",
        Case(
            {"driver_owner": "operator", "image": {"family": "ubuntu"}, "driver_version": "580.126.09"},
            {"driver_owner": "operator", "image": {"family": "ubuntu"}, "driver_version": "default"},
            ("driver_version",),
            cloud="gcp",
        ),
    ),
    (
        "sharing_fits_the_accelerator",
        Case({"sharing": _MIG}, {"machine_type": "g6.xlarge", "sharing": _MIG}, ("sharing",)),
    ),
    (
        "sharing_fits_the_accelerator",
        Case({"sharing": _MIG}, {"sharing": {"type": "mig", "profile": "1g.5gb"}}, ("sharing.profile",), cloud="azure"),
    ),
    # A quarter of a card that has MIG: what is cut already is not cut again.
    (
        "sharing_fits_the_accelerator",
        Case({"sharing": _MIG}, {"machine_type": "g4-standard-12", "sharing": _MIG}, ("sharing",), cloud="gcp"),
    ),
    (
        "clients_fit_the_accelerator",
        Case(
            {"sharing": {"type": "mps", "replicas": 48}},
            {"sharing": {"type": "mps", "replicas": 49}},
            ("sharing.replicas",),
        ),
    ),
    (
        "clients_fit_the_accelerator",
        Case(
            {"machine_type": "g4dn.xlarge", "sharing": {"type": "mps", "replicas": 48}},
            {"machine_type": "p3.2xlarge", "sharing": {"type": "mps", "replicas": 17}},
            ("sharing.replicas",),
        ),
    ),
    (
        "clients_fit_the_accelerator",
        Case(
            {"image": {"family": "bottlerocket"}, "sharing": {"type": "time-slicing", "replicas": 100}},
            {"image": {"family": "bottlerocket"}, "sharing": {"type": "mps", "replicas": 4}},
            ("sharing",),
        ),
    ),
    # 16 GiB, of which 14.7 are sure: not twice 8.
    (
        "clients_fit_the_accelerator",
        Case(
            {"machine_type": "g4dn.xlarge", "sharing": {"type": "mps", "memory_limit": "7Gi"}},
            {"machine_type": "g4dn.xlarge", "sharing": {"type": "mps", "memory_limit": "8Gi"}},
            ("sharing.memory_limit",),
        ),
    ),
    (
        "clients_fit_the_accelerator",
        Case(
            {"sharing": {"type": "time-slicing", "replicas": 2}},
            {"machine_type": "trn1.32xlarge", "sharing": {"type": "time-slicing", "replicas": 2}},
            ("sharing",),
        ),
    ),
    (
        "clients_fit_the_accelerator",
        Case(
            {"sharing": {"type": "time-slicing", "replicas": 2}},
            {"machine_type": "g4-standard-12", "sharing": {"type": "mps", "replicas": 2}},
            ("sharing",),
            cloud="gcp",
        ),
    ),
    (
        "clients_fit_the_accelerator",
        Case(
            {"driver_owner": "operator", "image": {"family": "ubuntu"}, "sharing": {"type": "mps", "replicas": 48}},
            {"sharing": {"type": "time-slicing", "replicas": 49}},
            ("sharing.replicas",),
            cloud="gcp",
        ),
    ),
    ("memory_is_guaranteed", Case({"vram_limit": "70Gi"}, {"vram_limit": "80Gi"}, ("vram_limit",))),
    (
        "memory_is_guaranteed",
        Case(
            {"vram_limit": "7Gi", "sharing": {"type": "mps", "replicas": 10}},
            {"vram_limit": "7Gi", "sharing": {"type": "time-slicing", "replicas": 10}},
            ("vram_limit",),
        ),
    ),
    (
        "memory_is_guaranteed",
        Case(
            {"vram_limit": "9Gi", "sharing": {"type": "mig", "profile": "1g.20gb"}},
            {"vram_limit": "10Gi", "sharing": _MIG},
            ("vram_limit",),
        ),
    ),
    (
        "claimed_devices_have_no_plugin",
        Case(
            {"sharing": _MIG},
            {"image": {"family": "bottlerocket"}, "sharing": {"type": "time-slicing", "replicas": 2}},
            ("driver_owner", "sharing"),
            allocation="dra",
        ),
    ),
    (
        "claimed_devices_have_no_plugin",
        Case(
            {"driver_owner": "operator", "image": {"family": "ubuntu"}},
            {"driver_owner": "vendor"},
            ("driver_owner",),
            cloud="gcp",
            allocation="dra",
        ),
    ),
    (
        "claimed_pools_keep_a_node",
        Case(
            {"size": {"min": 1, "desired": 1}},
            {"size": {"min": 0, "desired": 1}},
            ("size.min",),
            allocation="dra",
        ),
    ),
    (
        "claimed_devices_are_held_back_by_a_taint",
        Case(
            {"size": {"min": 1, "desired": 1, "max": 4}, "held_back": {"by": "taint", "count": 8, "key": "team/infra"}},
            {
                "size": {"min": 1, "desired": 1, "max": 4},
                "held_back": {"by": "quota", "count": 8, "namespaces": ["team-a"]},
            },
            ("held_back",),
            allocation="dra",
        ),
    ),
    (
        "claimed_devices_have_a_new_driver",
        Case(
            {
                "image": _AMI,
                "driver_owner": "operator",
                "driver_version": "580.126.09",
                "size": {"min": 1, "desired": 1},
            },
            {
                "image": _AMI,
                "driver_owner": "operator",
                "driver_version": "570.211.01",
                "size": {"min": 1, "desired": 1},
            },
            ("driver_version",),
            allocation="dra",
        ),
    ),
    (
        "reservation_blocks_are_googles",
        Case(
            {"zones": _ONE_ZONE["aws"], "capacity": (_ON["aws"],)},
            {"zones": _ONE_ZONE["aws"], "capacity": ({**_ON["aws"], "blocks": ("b-1",)},)},
            ("capacity[0].blocks",),
        ),
    ),
    (
        "reservation_blocks_are_googles",
        Case(
            {"zones": _ONE_ZONE["azure"], "capacity": (_ON["azure"],)},
            {"zones": _ONE_ZONE["azure"], "capacity": ({**_ON["azure"], "blocks": ("b-1",)},)},
            ("capacity[0].blocks",),
            cloud="azure",
        ),
    ),
    (
        "existing_placement_is_one_place",
        Case(
            {"zones": _ONE_ZONE["aws"], "placement": {"type": "existing", "name": "rack"}},
            {"placement": {"type": "existing", "name": "rack"}},
            ("placement",),
        ),
    ),
    (
        "existing_placement_is_one_place",
        Case(
            {"zones": _ONE_ZONE["azure"], "placement": {"type": "existing", "name": _PLACEMENT}},
            {"placement": {"type": "existing", "name": _PLACEMENT}},
            ("placement",),
            cloud="azure",
        ),
    ),
    (
        "existing_placement_is_one_place",
        Case(
            {"zones": _ONE_ZONE["gcp"], "placement": {"type": "existing", "name": "compact"}},
            {"placement": {"type": "existing", "name": "compact"}},
            ("placement",),
            cloud="gcp",
        ),
    ),
    *(
        (
            "disk_performance_has_a_field",
            Case(
                {"root_disk": {"size_gib": 500}},
                {"root_disk": {"size_gib": 500, "iops": 5000, "throughput_mib_s": 700}},
                ("root_disk.iops", "root_disk.throughput_mib_s"),
                cloud=cloud,
            ),
        )
        for cloud in ("azure", "gcp")
    ),
    (
        "local_drives_have_a_field",
        Case({"local_nvme": "none"}, {"local_nvme": "raid0"}, ("local_nvme",), cloud="azure"),
    ),
    (
        "linux_settings_have_a_field",
        Case(
            {"linux": {"hugepages_2mi": 64, "memlock": "unlimited", "modules": ["nvidia_peermem"]}},
            {"linux": {"hugepages_2mi": 64, "memlock": 65536}, "image": {"family": "bottlerocket"}},
            ("linux.hugepages_2mi",),
        ),
    ),
    (
        "linux_settings_have_a_field",
        Case(
            {"linux": {"sysctls": {"net.core.somaxconn": 4096}, "transparent_hugepages": "never"}},
            {"linux": {"sysctls": {"net.core.somaxconn": 128, "kernel.sysrq": 0}, "hugepages_1gi": 2}},
            ("linux.sysctls[net.core.somaxconn]", "linux.sysctls[kernel.sysrq]", "linux.hugepages_1gi"),
            cloud="azure",
        ),
    ),
    (
        "linux_settings_have_a_field",
        Case(
            {"linux": {"sysctls": {"net.core.somaxconn": 128}, "hugepages_1gi": 2}},
            {"linux": {"sysctls": {"net.core.somaxconn": 64, "kernel.threads-max": 10000}}},
            ("linux.sysctls[net.core.somaxconn]", "linux.sysctls[kernel.threads-max]"),
            cloud="gcp",
        ),
    ),
    # Azure's zones are numbers in every region, and `regional` stands beside them. Which size is in which differs by
    # subscription, so that no rule refuses one of three zones; a region without zones takes `regional` alone, see
    # test_bad_input_by_cloud.
    (
        "zones_are_in_the_region",
        Case(
            {"zones": ("1", "regional")},
            {"zones": ("1", "4", "southcentralus-2")},
            ("zones[1]", "zones[2]"),
            cloud="azure",
        ),
    ),
    (
        "zones_are_in_the_region",
        Case(
            {"zones": ("us-central1-c",)},
            {"zones": ("us-central1-e", "regional")},
            ("zones[0]", "zones[1]"),
            cloud="gcp",
        ),
    ),
    (
        "zones_offer_the_machine_type",
        Case(
            {"machine_type": "a3-ultragpu-8g", "zones": ("us-central1-b",), "capacity": ("spot",)},
            {"machine_type": "a3-ultragpu-8g", "zones": ("us-central1-b", "us-central1-a"), "capacity": ("spot",)},
            ("zones[1]",),
            cloud="gcp",
        ),
    ),
    (
        "capacity_type_is_sold",
        Case(
            {"zones": ("1",), "capacity": (_ON["azure"], "on-demand", "spot")},
            {"capacity": ("spot", "flex-start", "queued")},
            ("capacity[1]", "capacity[2]"),
            cloud="azure",
        ),
    ),
    # No ND size has capacity reservations (azure_machine_types.csv).
    (
        "capacity_type_is_sold",
        Case(
            {"machine_type": "Standard_ND96isr_H100_v5", "zones": ("regional",), "capacity": ("on-demand", "spot")},
            {"machine_type": "Standard_ND96isr_H100_v5", "zones": ("regional",), "capacity": (_ON["azure"],)},
            ("capacity[0]",),
            cloud="azure",
        ),
    ),
    (
        "capacity_type_is_sold",
        Case(
            {"capacity": ("flex-start", "queued", "spot", "on-demand")},
            {"machine_type": "a3-ultragpu-8g", "zones": ("us-central1-b",), "capacity": ("on-demand", "spot")},
            ("capacity[0]",),
            cloud="gcp",
        ),
    ),
    (
        "nodes_have_somewhere_to_go",
        Case(
            {"size": {"desired": 2, "max": 4}},
            {"size": {"desired": 2, "max": 4}},
            ("capacity",),
            frozenset(
                Offering("Standard_NC24ads_A100_v4", f"southcentralus-{zone}", "on-demand") for zone in ("1", "3")
            ),
            cloud="azure",
        ),
    ),
    (
        "nodes_have_somewhere_to_go",
        Case(
            {"size": {"desired": 2, "max": 4}},
            {"size": {"desired": 2, "max": 4}, "zones": ("us-central1-a",)},
            ("capacity",),
            frozenset({Offering("a3-megagpu-8g", "us-central1-a", "on-demand")}),
            cloud="gcp",
        ),
    ),
    (
        "even_spread_finds_room_in_every_zone",
        Case(
            {
                "spread": "even",
                "size": {"desired": 4, "max": 6},
                "capacity": ({**_ON["gcp"], "zone": "us-central1-a"}, "spot"),
            },
            {
                "spread": "even",
                "size": {"desired": 4, "max": 6},
                "capacity": (
                    {**_ON["gcp"], "zone": "us-central1-a", "count": 1},
                    {**_ON["gcp"], "reservation_id": "other", "zone": "us-central1-b", "count": 9},
                ),
            },
            ("capacity",),
            cloud="gcp",
        ),
    ),
    (
        "fabric_exists_on_the_machine_type",
        Case(
            {"machine_type": "Standard_ND96isr_H100_v5", "zones": ("regional",), "fabric": "infiniband"},
            {"machine_type": "Standard_ND96isr_H100_v5", "zones": ("regional",), "fabric": "efa"},
            ("fabric",),
            cloud="azure",
        ),
    ),
    (
        "fabric_exists_on_the_machine_type",
        Case({"fabric": "tcpxo"}, {"fabric": "tcpx"}, ("fabric",), cloud="gcp"),
    ),
    (
        "local_drives_exist",
        Case(
            {"machine_type": "a2-ultragpu-1g", "zones": ("us-central1-a",), "local_nvme": "raid0"},
            {"machine_type": "a2-highgpu-1g", "zones": ("us-central1-a",), "local_nvme": "raid0"},
            ("local_nvme",),
            cloud="gcp",
        ),
    ),
    *(
        (
            "driver_has_exactly_one_owner",
            Case({"driver_owner": "vendor"}, {"driver_owner": "host"}, ("driver_owner",), cloud=cloud),
        )
        for cloud in ("azure", "gcp")
    ),
    (
        "operator_knows_the_accelerator",
        Case(
            {"machine_type": "Standard_ND96isr_MI300X_v5", "zones": ("regional",), "driver_owner": "operator"},
            {"machine_type": "Standard_NV4ads_V710_v5", "zones": ("regional",), "driver_owner": "operator"},
            ("driver_owner",),
            cloud="azure",
        ),
    ),
    (
        "legacy_driver_is_not_forced_open",
        Case(
            {"machine_type": "Standard_ND40rs_v2", "zones": ("regional",)},
            {"machine_type": "Standard_ND40rs_v2", "zones": ("regional",), "driver_owner": "operator"},
            ("driver_owner",),
            cloud="azure",
        ),
    ),
    (
        "legacy_driver_is_not_forced_open",
        Case(
            {
                "machine_type": "n1-standard-8+1xnvidia-tesla-t4",
                "driver_owner": "operator",
                "image": {"family": "ubuntu"},
            },
            {
                "machine_type": "n1-standard-8+1xnvidia-tesla-p4",
                "driver_owner": "operator",
                "image": {"family": "ubuntu"},
            },
            ("driver_owner",),
            cloud="gcp",
        ),
    ),
    (
        "labels_are_not_reserved",
        Case(
            {"labels": {"cloud.google.com/x": "y", "team": "x"}},
            {"labels": {"kubernetes.azure.com/mode": "user", "kubernetes.io/role": "x"}},
            ("labels[kubernetes.azure.com/mode]", "labels[kubernetes.io/role]"),
            cloud="azure",
        ),
    ),
    (
        "labels_are_not_reserved",
        Case(
            {"labels": {"kubernetes.azure.com/x": "y"}},
            {"labels": {"cloud.google.com/gke-spot": "true", "node.gke.io/x": "y"}},
            ("labels[cloud.google.com/gke-spot]", "labels[node.gke.io/x]"),
            cloud="gcp",
        ),
    ),
    (
        "labels_are_not_the_librarys",
        Case(
            {"labels": {"nvidia.com/team": "x"}},
            {
                "labels": {
                    "gke-no-default-nvidia-gpu-device-plugin": "true",
                    "nvidia.com/gpu.deploy.operands": "true",
                    "nvidia.com/mig.config": "all-1g.10gb",
                }
            },
            (
                "labels[gke-no-default-nvidia-gpu-device-plugin]",
                "labels[nvidia.com/gpu.deploy.operands]",
                "labels[nvidia.com/mig.config]",
            ),
            cloud="gcp",
        ),
    ),
    (
        "held_back_is_a_whole_number",
        Case(
            {
                "machine_type": "p5.48xlarge",
                "size": {"max": 4},
                "held_back": {"by": "taint", "count": 8, "key": "team"},
            },
            {
                "machine_type": "p5.48xlarge",
                "size": {"max": 4},
                "held_back": {"by": "taint", "count": 9, "key": "team"},
            },
            ("held_back.count",),
        ),
    ),
    (
        "held_back_nodes_are_not_counted_twice",
        Case(
            {"size": {"max": 4}, "held_back": {"by": "taint", "count": 1, "key": "team"}},
            {
                "size": {"max": 4},
                "held_back": {"by": "taint", "count": 1, "key": "team"},
                "capacity": ({"type": "reserved", "reservation_id": "cr-1", "zone": "us-east-1a", "count": 2},),
            },
            ("capacity[0].count",),
        ),
    ),
    (
        "compute_mode_has_one_owner",
        Case(
            {"machine_type": "p5.48xlarge", "compute_mode": "exclusive-process"},
            {
                "machine_type": "p5.48xlarge",
                "compute_mode": "default",
                "sharing": {"type": "mps", "replicas": 4},
            },
            ("compute_mode",),
        ),
    ),
    (
        "compute_mode_has_one_owner",
        Case(
            {
                "machine_type": "p5.48xlarge",
                "compute_mode": "default",
                "sharing": {"type": "time-slicing", "replicas": 4},
            },
            {
                "machine_type": "p5.48xlarge",
                "compute_mode": "exclusive-process",
                "sharing": {"type": "time-slicing", "replicas": 4},
            },
            ("compute_mode",),
        ),
    ),
    (
        "compute_mode_has_one_owner",
        Case(
            {"machine_type": "p5.48xlarge", "sharing": {"type": "mig", "profile": "1g.10gb"}},
            {
                "machine_type": "p5.48xlarge",
                "sharing": {"type": "mig", "profile": "1g.10gb"},
                "compute_mode": "default",
            },
            ("compute_mode",),
        ),
    ),
    (
        "compute_mode_can_be_set",
        Case(
            {"machine_type": "p5.48xlarge", "compute_mode": "exclusive-process"},
            {
                "machine_type": "p5.48xlarge",
                "compute_mode": "exclusive-process",
                "image": {"family": "bottlerocket"},
            },
            ("compute_mode",),
        ),
    ),
    (
        "compute_mode_can_be_set",
        Case({}, {"compute_mode": "exclusive-process"}, ("compute_mode",), cloud="azure"),
    ),
    (
        "seccomp_profile_has_a_way",
        Case(
            {"machine_type": "p5.48xlarge", "seccomp_profile": True},
            {"machine_type": "p5.48xlarge", "seccomp_profile": True, "image": {"family": "bottlerocket"}},
            ("seccomp_profile",),
        ),
    ),
    (
        "seccomp_profile_has_a_way",
        Case({}, {"seccomp_profile": True}, ("seccomp_profile",), cloud="gcp"),
    ),
)
