"""What the subscription must have before InfiniBand works between the nodes of a pool."""

FEATURE_NAMESPACE = "Microsoft.ContainerService"
# Azure/aks-rdma-infiniband, "Prerequisites"; azure-aks-docs, use-amd-gpus: without it an RDMA size is accepted, and its
# nodes land on different InfiniBand networks.
INFINIBAND_FEATURE = "AKSInfinibandSupport"
REGISTERED = "Registered"


def infiniband_refusal(pool: str, finding: str) -> str:
    """The text for a pool whose fabric would not work; `finding` says what Azure answered about the feature."""
    name = f"--namespace {FEATURE_NAMESPACE} --name {INFINIBAND_FEATURE}"
    return (
        f"{pool}: InfiniBand needs the subscription's feature {FEATURE_NAMESPACE}/{INFINIBAND_FEATURE}, and {finding}; "
        f"without it the nodes share no fabric. Run `az feature register {name}`, wait until `az feature show {name}` "
        f"says {REGISTERED}, then run `az provider register --namespace {FEATURE_NAMESPACE}`. Who cannot be asked may "
        "write `fabric: {type: infiniband, feature_is_registered: true}`"
    )
