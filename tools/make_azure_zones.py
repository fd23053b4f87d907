"""Make the Azure tables of regions, of listed GPU sizes and of priced GPU sizes from tables in `tools/data/`.

    python tools/make_azure_zones.py            write azure_zones.csv, azure_offerings.csv, azure_priced_regions.csv
    python tools/make_azure_zones.py --check    write nothing; exit 1 when a file would change

    azure_locations.csv       regions with their zones (Azure/terraform-azurerm-avm-utl-regions 9064b20)
    azure_listed_skus.csv     what public copies of Resource SKU listings say of the GPU sizes, by hand
    azure_priced_regions.csv  regions with a Linux price of each N size on 2026-06-18 (karpenter-provider-azure 352646f)

A zone number is a subscription's own, so `zone_ids` repeats `zones`, and a listing's zones are those of the
subscription that listed them: they tell that a size is sold by zone, not that another subscription calls it so.
Run it after make_azure_machine_types.py: the tables hold the sizes of its table.
"""

import sys

from fact_tables import Row, csv_text, write_or_check
from make_azure_machine_types import read

LOCATIONS = "Azure locations API in Azure/terraform-azurerm-avm-utl-regions 9064b20 (one subscription)"
PRICES = "Azure retail prices of 2026-06-18 in karpenter-provider-azure 352646f: a meter, not capacity"
# Regions that take no customers' workloads: early updates and staging.
CLOSED = ("euap", "stg", "stage")


def tables() -> dict[str, str]:
    """Return the text of every table that this script makes, by file name."""
    names = {row["name"] for row in read("azure_gpu_sizes.csv")}
    return {
        "azure_offerings.csv": csv_text(("machine_type", "region", "zone_ids", "source"), offerings(names)),
        "azure_priced_regions.csv": csv_text(("machine_type", "regions", "source"), priced(names)),
        "azure_zones.csv": csv_text(("region", "zones", "zone_ids", "source"), zones()),
    }


def zones() -> list[Row]:
    """Return the zones of each region, none where it has none; a region that only a listing names has none known."""
    rows = {
        row["region"]: {
            "region": row["region"],
            "zones": row["zones"],
            "zone_ids": row["zones"],
            "source": LOCATIONS,
        }
        for row in read("azure_locations.csv")
        if not row["region"].endswith(CLOSED)
    }
    for row in read("azure_listed_skus.csv"):
        only_listed = {"region": row["region"], "zones": "", "zone_ids": "", "source": row["source"]}
        known = rows.setdefault(row["region"], only_listed)
        if not set(filter(None, row["zones"].split("|"))) <= set(known["zones"].split("|")):
            raise SystemExit(f"a listing has zones that {row['region']} lacks: {row}")
    return [rows[region] for region in sorted(rows)]


def offerings(names: set[str]) -> list[Row]:
    """Return where each size is listed; of two listings of one region the newest dated one holds."""
    newest: dict[tuple[str, str], Row] = {}
    for row in sorted(read("azure_listed_skus.csv"), key=_age):
        newest.setdefault((row["name"], row["region"]), row)
    return [
        {"machine_type": name, "region": region, "zone_ids": row["zones"], "source": row["source"]}
        for (name, region), row in sorted(newest.items())
        if name in names
    ]


def priced(names: set[str]) -> list[Row]:
    """Return the regions in which each size has a price: sold there, by zone or not."""
    return [
        {"machine_type": row["name"], "regions": row["regions"], "source": PRICES}
        for row in sorted(read("azure_priced_regions.csv"), key=lambda row: row["name"])
        if row["name"] in names
    ]


def _age(row: Row) -> tuple[bool, bool, str]:
    return ("undated" in row["source"], "2025" in row["source"], row["region"])


if __name__ == "__main__":
    sys.exit(write_or_check(__doc__, tables()))
