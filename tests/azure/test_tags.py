"""The tags by which the cluster autoscaler knows a pool that has no node, read back as it reads them."""

from hypothesis import given, strategies as st

from gpucloud.azure.tags import encoded_key, scale_from_zero_tags
from gpucloud.plan.model import TaintPlan

LABEL = "k8s.io_cluster-autoscaler_node-template_label_"
RESOURCE = "k8s.io_cluster-autoscaler_node-template_resources_"
TAINT = "k8s.io_cluster-autoscaler_node-template_taint_"
KEYS = st.from_regex(
    r"[a-z0-9]([a-z0-9.-]{0,20}[a-z0-9])?(/[A-Za-z0-9]([A-Za-z0-9_.-]{0,20}[A-Za-z0-9])?)?", fullmatch=True
)


def read(tags, prefix):
    """Return what azure_template.go reads from tags: `_` is `/`, then `~2` is `_`."""
    found = {}
    for name, value in tags.items():
        parts = name.split(prefix)
        if len(parts) > 1:
            found[parts[1].replace("_", "/").replace("~2", "_")] = value
    return found


def test_labels_resources_and_taints_come_back(plan_pool):
    pool = plan_pool(labels={"team/a_b": "x"}, taints=[{"key": "tier/gold_1", "value": "y"}], capacity=["spot"])
    tags = scale_from_zero_tags(pool, pool.offerings[0])
    # What keeps the operator's parts off a node is nothing that a pod asks for.
    placing = "nvidia.com/gpu.deploy."
    assert {key for key, _ in pool.labels if key.startswith(placing)} == {
        f"{placing}container-toolkit",
        f"{placing}driver",
    }
    assert read(tags, LABEL) == {key: value for key, value in pool.labels if not key.startswith(placing)}
    assert read(tags, RESOURCE) == dict(pool.node_resources)
    assert read(tags, TAINT) == {
        "kubernetes.azure.com/scalesetpriority": "spot:NoSchedule",
        "nvidia.com/gpu": "present:NoSchedule",
        "tier/gold_1": "y:NoSchedule",
    }


def test_azure_takes_the_names(plan_pool):
    pool = plan_pool(labels={"a/b_c": "x"})
    tags = scale_from_zero_tags(pool, pool.offerings[0])
    assert not [name for name in tags if set(name) & set("<>%&\\?/")]
    assert list(tags) == sorted(tags)


def test_a_taint_with_two_effects_has_one_tag_of_the_stronger(plan_pool):
    taints = [{"key": "tier", "value": "gold", "effect": effect} for effect in ("PreferNoSchedule", "NoExecute")]
    pool = plan_pool(taints=taints, gpu_taint=False)
    assert read(scale_from_zero_tags(pool, pool.offerings[0]), TAINT) == {"tier": "gold:NoExecute"}


@given(KEYS)
def test_any_key_of_kubernetes_comes_back(key):
    assert read({f"{LABEL}{encoded_key(key)}": "v"}, LABEL) == {key: "v"}


def test_a_taint_of_the_capacity_type_is_the_offerings_own(plan_pool):
    pool = plan_pool(capacity=["on-demand", "spot"])
    on_demand, spot = pool.offerings
    assert spot.taints == (TaintPlan("kubernetes.azure.com/scalesetpriority", "spot", "NoSchedule"),)
    assert set(read(scale_from_zero_tags(pool, on_demand), TAINT)) == {"nvidia.com/gpu"}
