"""A few characters that stand for what AKS fixes when it makes an agent pool, as the end of the pool's name.

AKS never changes the kubelet's or the kernel's settings of a pool that stands, nor its machines, disk, driver or MIG
profile. Another configuration is another pool, and two pools need two names where the new one is to stand before the
old one goes (docs/adr/0014).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gpucloud.facts.kubelet_platforms import kubelet_setting, translate
from gpucloud.facts.linux_platforms import linux_setting, translate_linux
from gpucloud.plan.linux_model import LinuxPlan
from gpucloud.plan.model import NodePoolPlan, OfferingPlan

HASH_LENGTH = 3
# Lower-case letters and digits, as a pool's name has them: 46,656 values.
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


def hash_length(cloud: str, *, has_settings: bool, is_reserved: bool) -> int:
    """How many characters a hash adds to a name: none but on AKS, where a pool sets its kubelet or its kernel.

    A reserved offering has none: its reservation is held by the old pool's nodes until they are gone, so the new pool
    cannot stand first. Names that pools without these settings were given stay theirs.
    """
    return HASH_LENGTH if cloud == "azure" and has_settings and not is_reserved else 0


def configuration_hash(pool: NodePoolPlan, offering: OfferingPlan) -> str:
    """Lower-case letters and digits, the same for what AKS is told in the same words; empty where a name has none."""
    settings = bool(pool.kubelet) or pool.linux is not None
    if not hash_length(pool.cloud, has_settings=settings, is_reserved=offering.reservation_id is not None):
        return ""
    fixed: dict[str, Any] = {
        "machine": pool.machine.machine_type,
        "disk": pool.disk.root_gib,
        "driver": pool.software.driver,
        "mig": pool.sharing and pool.sharing.profile and pool.sharing.profile.partition(".")[0],
        "placement": pool.existing_placement,
        "close": offering.close_placement,
        "kubelet": _kubelet(pool.kubelet),
        "linux": _linux(pool.linux),
    }
    # What is not set has no part, so that a field that a later version adds leaves names as they are.
    text = json.dumps({key: value for key, value in fixed.items() if value}, sort_keys=True, default=str)
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    digits = []
    for _ in range(HASH_LENGTH):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(digits)


def with_hashed_names(pool: NodePoolPlan) -> NodePoolPlan:
    """The pool with the hash behind the physical names of its offerings; the same pool where none has one."""
    if not any(configuration_hash(pool, offering) for offering in pool.offerings):
        return pool
    shards = tuple(
        replace(
            shard,
            offerings=tuple(
                replace(offering, physical_name=f"{offering.physical_name}{configuration_hash(pool, offering)}")
                for offering in shard.offerings
            ),
        )
        for shard in pool.shards
    )
    return replace(pool, shards=shards)


def _kubelet(values: Mapping[str, Any]) -> dict[str, Any]:
    """Settings as AKS is sent them: a value in other words (`50Mi`, `51200Ki`) makes no other pool."""
    found = {}
    for key, value in values.items():
        setting = kubelet_setting("aks", key)
        found[key] = translate(setting, value) if setting is not None else value
    return found


def _linux(linux: LinuxPlan | None) -> dict[str, Any]:
    if linux is None:
        return {}
    written = {
        **dict(linux.sysctls),
        "transparent_hugepages": linux.transparent_hugepages,
        "transparent_hugepage_defrag": linux.transparent_hugepage_defrag,
        "hugepages_2mi": linux.hugepages_2mi,
        "hugepages_1gi": linux.hugepages_1gi,
    }
    found = {}
    for name, value in written.items():
        setting = linux_setting("aks", name)
        if value is not None:
            found[name] = translate_linux(setting, value) if setting is not None else value
    return found
