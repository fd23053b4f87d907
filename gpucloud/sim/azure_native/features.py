"""Preview features of the subscription: whether each is registered, as a command or a program has set it.

The subscription is one that somebody has set up for GPUs: `AKSInfinibandSupport` is registered from the start.

A registration that a program makes is approved at once; for one that waits for Microsoft, `gpucloud sim fault feature`
sets `Pending`. States: Microsoft.Features 2021-07-01, SubscriptionFeatureRegistrationState. `AKSInfinibandSupport`:
azure/aks-rdma-infiniband, "Prerequisites". Without it an RDMA size is accepted and its nodes share no fabric.
"""

from gpucloud.sim.azure_native.identifiers import find_by_key
from gpucloud.sim.azure_native.tokens import FEATURE
from gpucloud.sim.store import Store

STATES = ("NotRegistered", "Pending", "Registered", "Registering", "Unregistered", "Unregistering")
NOT_REGISTERED = "NotRegistered"
REGISTERED_FROM_THE_START = frozenset({"microsoft.containerservice/aksinfinibandsupport"})


def _setting(namespace: str, name: str) -> str:
    return f"azure-feature {namespace}/{name}".lower()


def state_of(store: Store, namespace: str, name: str) -> str:
    """Return a feature's state: what a command has set, else whether a program registers it. Case is ignored."""
    key = f"{namespace}/{name}".lower()
    registered = key in REGISTERED_FROM_THE_START or find_by_key(store, FEATURE, key) is not None
    return store.setting(_setting(namespace, name), "Registered" if registered else NOT_REGISTERED)


def set_state(store: Store, namespace: str, name: str, state: str) -> None:
    """Write the state of a feature over what programs do."""
    store.db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (_setting(namespace, name), state))
