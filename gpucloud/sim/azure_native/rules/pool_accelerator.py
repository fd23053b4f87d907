"""Agent pools with accelerators, from their inputs alone: driver, MIG profile, retired tag, spot, placement.

Sources, unless a rule says otherwise: azure-aks-docs fb060ab use-nvidia-gpu.md, use-amd-gpus.md, gpu-multi-instance.md,
spot-node-pool.md, reduce-latency-ppg.md, includes/skip-gpu-driver-install-retirement.md.
"""

from collections.abc import Iterator

from gpucloud.sim.azure_native.machines import Machine, find_machine
from gpucloud.sim.azure_native.rules.pool import PoolRule, is_known, refuse
from gpucloud.sim.errors import Refusal
from gpucloud.sim.values import Inputs

# gpu-multi-instance.md: "supported on NVIDIA A100, H100, and H200 series".
_MIG = ("a100-", "h100-", "h200-")
_DECIMALS = 5
RETIRED_TAG = "skipgpudriverinstall"


def _machine(pool: Inputs) -> Machine | None:
    size = pool.get("vmSize")
    return find_machine(str(size)) if size is not None and is_known(size) else None


def refuse_driver_without_gpu(pool: Inputs, at: str) -> Iterator[Refusal]:
    """Refuse a GPU profile on a size without a GPU."""
    machine = _machine(pool)
    if pool.get("gpuProfile") and machine is not None and not machine.accelerator:
        yield refuse(f"{at}gpuProfile", f"gpuProfile is for GPU VM sizes; {machine.name} has no GPU")


def refuse_driver_that_aks_has_not(pool: Inputs, at: str) -> Iterator[Refusal]:
    """Refuse a pool of a size for which AKS has no driver, AMD's among them, that does not set the driver to None."""
    machine = _machine(pool)
    driver = (pool.get("gpuProfile") or {}).get("driver") if is_known(pool.get("gpuProfile")) else "None"
    if machine is None or not machine.accelerator or machine.driver_kind != "none" or not is_known(driver):
        return
    if driver != "None":
        yield refuse(f"{at}gpuProfile.driver", f"AKS installs no GPU driver on {machine.name}: set the driver to None")


def refuse_bad_mig_profile(pool: Inputs, at: str) -> Iterator[Refusal]:
    """Refuse a MIG profile on a size whose GPU cannot be partitioned."""
    machine = _machine(pool)
    if not pool.get("gpuInstanceProfile") or machine is None:
        return
    if machine.is_slice or not machine.accelerator.startswith(_MIG):
        text = f"{machine.name} does not support GPU instance profiles; A100, H100 and H200 sizes do"
        yield refuse(f"{at}gpuInstanceProfile", text)


def refuse_retired_tag(pool: Inputs, at: str) -> Iterator[Refusal]:
    """Refuse the tag SkipGPUDriverInstall, retired on 2025-08-14 (AKS#4925)."""
    tags = pool.get("tags")
    for key in tags if isinstance(tags, dict) else ():
        if key.lower() == RETIRED_TAG:
            text = f"the node pool tag {key} is no longer supported; set gpuProfile.driver to None"
            yield refuse(f"{at}tags.{key}", text)


def refuse_bad_spot(pool: Inputs, at: str) -> Iterator[Refusal]:
    """Refuse settings of spot without spot, and what spot excludes: system mode, surge, reserved capacity.

    Surge: terraform-provider-azurerm, kubernetes_cluster_node_pool, `upgrade_settings`. Reserved capacity:
    azure-compute-docs, "On-demand capacity reservation", limitations: Spot VMs. Codes: azure-compute-docs, "Error codes
    for Spot".
    """
    priority = pool.get("scaleSetPriority", "Regular")
    if not is_known(priority):
        return
    if priority != "Spot":
        for name in ("scaleSetEvictionPolicy", "spotMaxPrice"):
            if pool.get(name) is not None:
                yield refuse(f"{at}{name}", f"{name} cannot be specified unless the scaleSetPriority is 'Spot'")
        return
    if pool.get("mode") == "System":
        yield refuse(f"{at}mode", "Spot node pools require user node pools")
    settings = pool.get("upgradeSettings")
    for name in ("maxSurge", "maxUnavailable"):
        if isinstance(settings, dict) and settings.get(name) is not None:
            yield refuse(f"{at}upgradeSettings.{name}", f"Spot pools can't set {name}")
    if pool.get("capacityReservationGroupID"):
        yield refuse(f"{at}capacityReservationGroupID", "a Spot pool cannot use a capacity reservation group")
    machine = _machine(pool)
    if machine is not None and "spot" not in machine.capacity_types:
        text = f"Azure spot isn't supported for VM size {machine.name}"
        yield refuse(f"{at}vmSize", text, "AzureSpotIsNotSupportedForThisVMSize")


def refuse_bad_spot_price(pool: Inputs, at: str) -> Iterator[Refusal]:
    """Refuse a price that is neither -1 nor positive with up to five decimal places."""
    price = pool.get("spotMaxPrice")
    if not isinstance(price, int | float) or price == -1:
        return
    if price <= 0 or round(price, _DECIMALS) != price:
        text = f"the value must be -1 or a positive value with up to five decimal places, not {price}"
        yield refuse(f"{at}spotMaxPrice", text, "MaxPriceValueInvalid")


def refuse_placement_over_zones(pool: Inputs, at: str) -> Iterator[Refusal]:
    """Refuse a proximity placement group over more than one zone."""
    zones = pool.get("availabilityZones")
    if pool.get("proximityPlacementGroupID") and isinstance(zones, list) and len(zones) > 1:
        text = f"a proximity placement group can map to only one availability zone, not {', '.join(map(str, zones))}"
        yield refuse(f"{at}availabilityZones", text)


def refuse_bad_kubelet(pool: Inputs, at: str) -> Iterator[Refusal]:
    """Refuse thresholds of image garbage collection in the wrong order (custom-node-configuration-reference.md)."""
    kubelet = pool.get("kubeletConfig")
    if not isinstance(kubelet, dict):
        return
    low, high = kubelet.get("imageGcLowThreshold", 80), kubelet.get("imageGcHighThreshold", 85)
    if is_known(low, high) and low > high:
        text = f"imageGcLowThreshold {low} is higher than imageGcHighThreshold {high}"
        yield refuse(f"{at}kubeletConfig.imageGcLowThreshold", text)


def refuse_bad_port_range(pool: Inputs, at: str) -> Iterator[Refusal]:
    """Refuse a local port range out of bounds (custom-node-configuration-reference.md)."""
    linux = pool.get("linuxOSConfig")
    sysctls = linux.get("sysctls") if isinstance(linux, dict) else None
    given = sysctls.get("netIpv4IpLocalPortRange") if isinstance(sysctls, dict) else None
    if given is None or not is_known(given):
        return
    parts = str(given).split()
    where = f"{at}linuxOSConfig.sysctls.netIpv4IpLocalPortRange"
    if len(parts) != 2 or not all(part.isdigit() for part in parts):  # noqa: PLR2004 - first and last
        yield refuse(where, f"'{given}' is not a first and a last port")
    elif not (1024 <= int(parts[0]) <= 60999 and 32768 <= int(parts[1]) <= 65535 and int(parts[0]) < int(parts[1])):  # noqa: PLR2004 - the ranges of the documentation
        yield refuse(where, f"the first port must be from 1024 to 60999 and the last from 32768 to 65535, not {given}")


ACCELERATOR_RULES: tuple[PoolRule, ...] = (
    refuse_driver_without_gpu,
    refuse_driver_that_aks_has_not,
    refuse_bad_mig_profile,
    refuse_retired_tag,
    refuse_bad_spot,
    refuse_bad_spot_price,
    refuse_placement_over_zones,
    refuse_bad_kubelet,
    refuse_bad_port_range,
)
