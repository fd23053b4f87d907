"""EBS volumes of a launch template.

Sources: EC2 service model (botocore 1.44.5, LaunchTemplateEbsBlockDeviceRequest: VolumeSize, Iops, Throughput);
https://jayendrapatil.com/tag/ebs-io1/, which restates the EBS User Guide, for gp3's ratios of IOPS to size and of
throughput to IOPS; the answer to the second stands in https://github.com/runs-on/runs-on/issues/260.
"""

from collections.abc import Iterator
from typing import Any

from gpucloud.sim.errors import Refusal
from gpucloud.sim.values import Inputs

_CODE = "InvalidParameterValue"
_GIB = {
    "gp2": (1, 16_384),
    "gp3": (1, 65_536),
    "io1": (4, 16_384),
    "io2": (4, 65_536),
    "sc1": (125, 16_384),
    "st1": (125, 16_384),
    "standard": (1, 1_024),
}
_IOPS = {"gp3": (3_000, 80_000), "io1": (100, 64_000), "io2": (100, 256_000)}
_MIB_S = {"gp3": (125, 2_000)}
_BASELINE_IOPS = 3_000  # EbsBlockDevice.Iops: gp3's default; any size has them
_IOPS_PER_GIB = 500
_IOPS_PER_MIB_S = 4


def _volumes(inputs: Inputs) -> Iterator[tuple[str, dict[str, Any]]]:
    mappings = inputs.get("blockDeviceMappings")
    for index, mapping in enumerate(mappings if isinstance(mappings, list) else []):
        ebs = mapping.get("ebs") if isinstance(mapping, dict) else None
        if isinstance(ebs, dict):
            yield f"blockDeviceMappings[{index}].ebs", ebs


def refuse_volume_out_of_range(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse volumes outside the sizes (GiB), IOPS and throughput (MiB/s) of their type."""
    for where, ebs in _volumes(inputs):
        kind = ebs.get("volumeType")
        for name, table in (("volumeSize", _GIB), ("iops", _IOPS), ("throughput", _MIB_S)):
            limits, value = table.get(kind) if isinstance(kind, str) else None, ebs.get(name)
            if limits is not None and isinstance(value, int) and not limits[0] <= value <= limits[1]:
                text = f"{value} is not between {limits[0]} and {limits[1]} for {kind}"
                yield Refusal(f"{where}.{name}", _CODE, text)


def refuse_performance_of_other_type(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse IOPS on a volume that is not gp3, io1 or io2, and throughput on one that is not gp3."""
    for where, ebs in _volumes(inputs):
        kind = ebs.get("volumeType")
        for name, table in (("iops", _IOPS), ("throughput", _MIB_S)):
            if isinstance(kind, str) and kind not in table and ebs.get(name):
                text = f"The parameter {name} is not supported for {kind} volumes: {', '.join(table)}"
                yield Refusal(f"{where}.{name}", "InvalidParameterCombination", text)


def refuse_gp3_ratio(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse gp3 volumes with more than 500 IOPS a GiB, or more than 0.25 MiB/s an IOPS."""
    for where, ebs in _volumes(inputs):
        if ebs.get("volumeType") != "gp3":
            continue
        size, iops = ebs.get("volumeSize"), ebs.get("iops") or _BASELINE_IOPS
        throughput = ebs.get("throughput")
        if not isinstance(iops, int):
            continue
        if isinstance(size, int) and size > 0 and iops > max(_BASELINE_IOPS, size * _IOPS_PER_GIB):
            text = f"iops to volume size ratio of {iops / size:f} is too high; maximum is {_IOPS_PER_GIB} iops per GiB"
            yield Refusal(f"{where}.iops", _CODE, text)
        if isinstance(throughput, int) and throughput * _IOPS_PER_MIB_S > iops:
            yield Refusal(
                f"{where}.throughput",
                _CODE,
                f"Throughput (MiBps) to iops ratio of {throughput / iops:f} is too high; maximum is "
                f"{1 / _IOPS_PER_MIB_S:f} MiBps per iops",
            )
