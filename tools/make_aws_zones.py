"""Make the AWS tables of zones and of offered machine types from the tables inside the `moto` package.

    python tools/make_aws_zones.py            write gpucloud/facts/data/aws_zones.csv and aws_offerings.csv
    python tools/make_aws_zones.py --check    write nothing; exit 1 when a file would change

Run it after make_aws_machine_types.py: the offerings are those of the accelerated types.
"""

import gzip
import json
import sys
from importlib import metadata, resources

from fact_tables import Row, csv_text, write_or_check
from make_aws_machine_types import accelerated, load_dump
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend

OFFERINGS_SOURCE = f"EC2 DescribeInstanceTypeOfferings in moto {metadata.version('moto')}"


def tables() -> dict[str, str]:
    """Return the text of every table that this script makes, by file name."""
    names = {row["name"] for row in accelerated(load_dump())}
    return {
        "aws_offerings.csv": csv_text(("machine_type", "region", "zone_ids", "source"), offerings(names)),
        "aws_zones.csv": csv_text(("region", "zones", "zone_ids", "source"), zones()),
    }


def zones() -> list[Row]:
    """Return the standard zones of each region: moto's zone table and the zones that the offerings name."""
    offered_names = _offering_dumps("availability-zone")
    offered_ids = _offering_dumps("availability-zone-id")
    rows = []
    for region, table in sorted(RegionsAndZonesBackend.zones.items()):
        names = {zone.name for zone in table if zone.zone_type == "availability-zone"}
        names |= set().union(*offered_names.get(region, {}).values())
        ids = set().union(*offered_ids.get(region, {}).values()) or {zone.zone_id for zone in table}
        source = f"availability zones in moto {metadata.version('moto')}"
        rows.append(
            {
                "region": region,
                "zones": "|".join(sorted(names)),
                "zone_ids": "|".join(sorted(ids)),
                "source": f"{source}; {OFFERINGS_SOURCE}" if region in offered_ids else f"{source}, no second table",
            }
        )
    return rows


def offerings(names: set[str]) -> list[Row]:
    """Return, per accelerated type and region, the zone IDs that offer it; zone IDs mean the same in every account."""
    rows = []
    for region, by_type in _offering_dumps("availability-zone-id").items():
        rows.extend(
            {
                "machine_type": name,
                "region": region,
                "zone_ids": "|".join(sorted(by_type[name])),
                "source": OFFERINGS_SOURCE,
            }
            for name in names & by_type.keys()
        )
    return sorted(rows, key=lambda row: (row["machine_type"], row["region"]))


def _offering_dumps(location_type: str) -> dict[str, dict[str, set[str]]]:
    folder = resources.files("moto").joinpath("ec2", "resources", "instance_type_offerings", location_type)
    found: dict[str, dict[str, set[str]]] = {}
    for file in folder.iterdir():
        by_type = found.setdefault(file.name.split(".")[0], {})
        for offer in json.loads(gzip.decompress(file.read_bytes())):
            by_type.setdefault(offer["InstanceType"], set()).add(offer["Location"])
    return found


if __name__ == "__main__":
    sys.exit(write_or_check(__doc__, tables()))
