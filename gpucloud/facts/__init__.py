"""What is true: accelerators, machine types, zones, error codes and chart pins, each with its source.

Importing this package reads no table: a table is read when its first fact is asked for. Some functions are called
like the module that they live in (`machine_types`): as a name of this package, the function is meant.
"""

from gpucloud.facts.accelerators import Accelerator, accelerator, accelerators
from gpucloud.facts.aws_quotas import Quota, vcpu_quota
from gpucloud.facts.capacity_errors import CapacityError, capacity_errors, classify
from gpucloud.facts.charts import Chart, chart, chart_values, charts
from gpucloud.facts.device_identity import DeviceIdentity, device_identity
from gpucloud.facts.device_labels import NodeLabel
from gpucloud.facts.device_lookup import (
    DeviceCandidate,
    accelerators_for_label,
    accelerators_for_machine_type,
    candidates_for_pci,
)
from gpucloud.facts.device_mig import MigProfile, mig_profile, mig_profiles
from gpucloud.facts.machine_equivalents import Equivalent, equivalents
from gpucloud.facts.machine_types import (
    GeneralMachineType,
    MachineType,
    clouds,
    general_machine_type,
    general_machine_types,
    machine_type,
    machine_types,
)
from gpucloud.facts.pci_devices import PciDevice, accelerators_for_pci, pci_devices
from gpucloud.facts.vendor_machines import AwsMachine, AzureMachine, Cloud, GcpMachine
from gpucloud.facts.zones import Region, region, regions, regions_offering, zone_key, zone_offers, zone_region, zones

__all__ = [
    "Accelerator",
    "AwsMachine",
    "AzureMachine",
    "CapacityError",
    "Chart",
    "Cloud",
    "DeviceCandidate",
    "DeviceIdentity",
    "Equivalent",
    "GcpMachine",
    "GeneralMachineType",
    "MachineType",
    "MigProfile",
    "NodeLabel",
    "PciDevice",
    "Quota",
    "Region",
    "accelerator",
    "accelerators",
    "accelerators_for_label",
    "accelerators_for_machine_type",
    "accelerators_for_pci",
    "candidates_for_pci",
    "capacity_errors",
    "chart",
    "chart_values",
    "charts",
    "classify",
    "clouds",
    "device_identity",
    "equivalents",
    "general_machine_type",
    "general_machine_types",
    "machine_type",
    "machine_types",
    "mig_profile",
    "mig_profiles",
    "pci_devices",
    "region",
    "regions",
    "regions_offering",
    "vcpu_quota",
    "zone_key",
    "zone_offers",
    "zone_region",
    "zones",
]
