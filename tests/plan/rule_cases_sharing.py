"""Cases of the rules about unlike MIG instances and vGPU."""

from typing import Any

from tests.plan.rule_case import Case


def _cut(*groups: dict[str, Any], **instances: int) -> dict[str, Any]:
    """A pool's sharing by groups, or by instances of every GPU: `_cut(_1g_10gb=7)` for `1g.10gb`."""
    named = {key.removeprefix("_").replace("_", ".", 1): count for key, count in instances.items()}
    return {"sharing": {"type": "mig", "layout": list(groups) or named}}


def _group(*gpus: int, **instances: int) -> dict[str, Any]:
    named = {key.removeprefix("_").replace("_", ".", 1): count for key, count in instances.items()}
    return {"gpus": gpus, "instances": named}


_PROFILE = {"sharing": {"type": "mig", "profile": "1g.10gb"}}
_VGPU = {"sharing": {"type": "vgpu"}}
_MIXED = _cut(_1g_10gb=2, _2g_20gb=1, _3g_40gb=1)
_LAYOUT = "sharing.layout"
_EIGHT = {"machine_type": "p5.48xlarge"}
_G7E = {"machine_type": "g7e.48xlarge"}

SHARING_CASES: tuple[tuple[str, Case], ...] = (
    (
        "bottlerocket_does_not_see_instances",
        Case({**_EIGHT, **_MIXED}, {**_EIGHT, **_MIXED, "image": {"family": "bottlerocket"}}, ("sharing",)),
    ),
    (
        "bottlerocket_does_not_see_instances",
        Case({**_EIGHT, **_PROFILE}, {**_EIGHT, **_PROFILE, "image": {"family": "bottlerocket"}}, ("sharing",)),
    ),
    ("layout_has_a_mig_manager", Case(_PROFILE, _MIXED, (_LAYOUT,), cloud="azure")),
    ("layout_has_a_mig_manager", Case(_PROFILE, _MIXED, (_LAYOUT,), cloud="gcp")),
    # Neither owner of the driver changes who cuts.
    ("layout_has_a_mig_manager", Case({}, {**_MIXED, "driver_owner": "operator"}, (_LAYOUT,), cloud="azure")),
    (
        "layout_has_each_gpu_once",
        Case(
            {**_EIGHT, **_cut(_group(0, 2, 4, 6, _7g_80gb=1), _group(1, 3, 5, 7, _1g_10gb=7))},
            {**_EIGHT, **_cut(_group(*range(8), _7g_80gb=1), _group(7, _1g_10gb=7))},
            (_LAYOUT,),
        ),
    ),
    (
        "layout_has_each_gpu_once",
        Case(
            {**_EIGHT, **_MIXED},
            {**_EIGHT, **_cut(_group(0, 1, 2, 3, _7g_80gb=1), _group(4, 5, 6, 8, _1g_10gb=7))},
            (_LAYOUT, "sharing.layout[1].gpus"),
        ),
    ),
    (
        "layout_has_each_gpu_once",
        Case(
            {**_EIGHT, **_cut(_group(*range(8), _3g_40gb=2))},
            {**_EIGHT, **_cut({"instances": {"7g.80gb": 1}}, _group(0, _1g_10gb=7))},
            (_LAYOUT,),
        ),
    ),
    (
        "layout_fits_each_gpu",
        Case({**_EIGHT, **_cut(_1g_10gb=7)}, {**_EIGHT, **_cut(_1g_10gb=8)}, ("sharing.layout[0].instances",)),
    ),
    (
        "layout_fits_each_gpu",
        Case(
            {"machine_type": "p4de.24xlarge", **_cut(_4g_40gb=1, _3g_40gb=1)},
            {"machine_type": "p4de.24xlarge", **_cut(_4g_40gb=1, _2g_20gb=2)},
            ("sharing.layout[0].instances",),
        ),
    ),
    # Six compute slices of seven, and nine of memory of eight.
    (
        "layout_fits_each_gpu",
        Case(
            {**_EIGHT, **_cut(_1g_10gb=4, _3g_40gb=1)},
            {**_EIGHT, **_cut(_1g_20gb=3, _3g_40gb=1)},
            ("sharing.layout[0].instances",),
        ),
    ),
    (
        "layout_fits_each_gpu",
        Case(
            {**_EIGHT, **_cut(_1g_10gb=1, _1g_20gb=1)},
            {**_EIGHT, **_cut(_1g_11gb=1, _1g_5gb=1)},
            ("sharing.layout[0].instances[1g.11gb]", "sharing.layout[0].instances[1g.5gb]"),
        ),
    ),
    # A name under another driver.
    (
        "layout_fits_each_gpu",
        Case(
            {"machine_type": "p6e-gb200.36xlarge", **_cut(_7g_186gb=1)},
            {"machine_type": "p6e-gb200.36xlarge", **_cut(_7g_189gb=1)},
            ("sharing.layout[0].instances[7g.189gb]",),
        ),
    ),
    # The media engines of a GPU are given once, and a kind of engines goes with itself.
    (
        "layout_fits_each_gpu",
        Case(
            {**_EIGHT, "sharing": {"type": "mig", "layout": {"1g.10gb+me": 1, "1g.10gb": 6}}},
            {**_EIGHT, "sharing": {"type": "mig", "layout": {"1g.10gb+me": 2}}},
            ("sharing.layout[0].instances",),
        ),
    ),
    (
        "layout_fits_each_gpu",
        Case(
            {**_G7E, "sharing": {"type": "mig", "layout": {"1g.24gb-me": 2, "2g.48gb-me": 1}}},
            {**_G7E, "sharing": {"type": "mig", "layout": {"1g.24gb-me": 2, "2g.48gb+me.all": 1}}},
            ("sharing.layout[0].instances",),
        ),
    ),
    # A GPU without MIG is the business of the rule about profiles.
    (
        "sharing_fits_the_accelerator",
        Case({**_EIGHT, **_MIXED}, {"machine_type": "g4dn.xlarge", **_MIXED}, ("sharing",)),
    ),
    ("sharing_fits_the_accelerator", Case({**_EIGHT, **_MIXED}, {"machine_type": "g5.xlarge", **_MIXED}, ("sharing",))),
    # 9.5 GB of the smallest instance are what a pod is sure of.
    (
        "memory_is_guaranteed",
        Case(
            {**_EIGHT, **_MIXED, "vram_limit": "8Gi"},
            {**_EIGHT, **_MIXED, "vram_limit": "10Gi"},
            ("vram_limit",),
        ),
    ),
    (
        "held_back_is_of_one_resource",
        Case(
            {**_EIGHT, **_MIXED, "size": {"max": 4}, "held_back": {"by": "taint", "share": 0.5, "key": "team"}},
            {**_EIGHT, **_MIXED, "size": {"max": 4}, "held_back": {"by": "kueue", "share": 0.5, "queue": "q"}},
            ("held_back",),
        ),
    ),
    (
        "largest_pod_fits",
        Case(
            {**_EIGHT, **_MIXED, "largest_pod": {"cpu": "4", "nvidia.com/mig-1g.10gb": "16"}},
            {**_EIGHT, **_MIXED, "largest_pod": {"nvidia.com/mig-1g.10gb": "17", "nvidia.com/gpu": "1"}},
            ("largest_pod.nvidia.com/gpu", "largest_pod.nvidia.com/mig-1g.10gb"),
        ),
    ),
    # Equal instances count as GPUs: 56 of them.
    (
        "largest_pod_fits",
        Case(
            {**_EIGHT, **_PROFILE, "largest_pod": {"nvidia.com/gpu": "56"}},
            {**_EIGHT, **_PROFILE, "largest_pod": {"nvidia.com/gpu": "57"}},
            ("largest_pod.nvidia.com/gpu",),
        ),
    ),
    ("vgpu_is_made_by_a_hypervisor", Case(_EIGHT, {**_EIGHT, **_VGPU}, ("sharing",))),
    (
        "vgpu_is_made_by_a_hypervisor",
        Case({"machine_type": "g6f.xlarge"}, {"machine_type": "g6f.xlarge", **_VGPU}, ("sharing",)),
    ),
    (
        "vgpu_is_made_by_a_hypervisor",
        Case(
            {"machine_type": "Standard_NV6ads_A10_v5"},
            {"machine_type": "Standard_NV6ads_A10_v5", **_VGPU},
            ("sharing",),
            cloud="azure",
        ),
    ),
    (
        "vgpu_is_made_by_a_hypervisor",
        Case({}, {"machine_type": "Standard_NV36ads_A10_v5", **_VGPU}, ("sharing",), cloud="azure"),
    ),
    (
        "vgpu_is_made_by_a_hypervisor",
        Case({}, {"machine_type": "Standard_NV4ads_V710_v5", **_VGPU}, ("sharing",), cloud="azure"),
    ),
    ("vgpu_is_made_by_a_hypervisor", Case({}, _VGPU, ("sharing",), cloud="azure")),
    ("vgpu_is_made_by_a_hypervisor", Case({}, _VGPU, ("sharing",), cloud="gcp")),
    (
        "vgpu_is_made_by_a_hypervisor",
        Case({}, {"machine_type": "g4-standard-12", **_VGPU}, ("sharing",), cloud="gcp"),
    ),
)
