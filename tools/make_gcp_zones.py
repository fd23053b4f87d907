"""Make the Google Cloud tables of zones and of offered machine types.

    python tools/make_gcp_zones.py            write gpucloud/facts/data/gcp_zones.csv and gcp_offerings.csv
    python tools/make_gcp_zones.py --check    write nothing; exit 1 when a file would change

Run it after make_gcp_machine_types.py: the offerings are those of the accelerated types. What it is made from stands
in `tools/data/`, by machine type or, where accelerators are attached, by accelerator:

    gcp_offering_regions.csv  the regions that list it: the newer listing, which decides
    gcp_offering_zones.csv    the zones that list it: an older listing, which does not know all of these regions
    gcp_regions.csv           the zones of each region, without those for accelerators alone (us-south1-ai1b)
"""

import sys

from fact_tables import Row, csv_text, write_or_check
from make_gcp_machine_types import accelerated, hand


def tables() -> dict[str, str]:
    """Return the text of every table that this script makes, by file name."""
    return {
        "gcp_offerings.csv": csv_text(("machine_type", "region", "zone_ids", "source"), offerings()),
        "gcp_zones.csv": csv_text(("region", "zones", "zone_ids", "source"), zones()),
    }


def zones() -> list[Row]:
    """Return the zones of each region; a zone's name means the same in every project, so it is the zone's ID too."""
    return [
        {"region": row["region"], "zones": row["zones"], "zone_ids": row["zones"], "source": row["source"]}
        for row in hand("gcp_regions.csv")
    ]


def offerings() -> list[Row]:
    """Return, per accelerated type and region, the zones that list it, none where only the region is known."""
    by_region = {row["name"]: row for row in hand("gcp_offering_regions.csv")}
    by_zone = {row["name"]: row for row in hand("gcp_offering_zones.csv")}
    known = {row["region"]: set(row["zones"].split("|")) for row in hand("gcp_regions.csv")}
    rows = []
    for machine in accelerated():
        key = machine["gke_accelerator"] if machine["attached"] == "true" else machine["gce_machine_type"]
        listed = set(by_zone[key]["zones"].split("|")) if key in by_zone else set()
        if not listed <= set().union(*known.values()):
            raise SystemExit(f"{key}: zones of no region: {sorted(listed - set().union(*known.values()))}")
        for region in by_region[key]["regions"].split("|"):
            there = listed & known[region]
            rows.append(
                {
                    "machine_type": machine["name"],
                    "region": region,
                    "zone_ids": "|".join(sorted(there)),
                    "source": "; ".join([by_region[key]["source"], *([by_zone[key]["source"]] if there else [])]),
                }
            )
    return sorted(rows, key=lambda row: (row["machine_type"], row["region"]))


if __name__ == "__main__":
    sys.exit(write_or_check(__doc__, tables()))
