"""Write gpucloud/facts/data/numa_layouts.csv: what sources say of sockets, threads and devices beside the NUMA nodes.

Threads per core of EC2's types stand in the API dump inside the `moto` package; everything else stands by hand, with
its source, in `tools/data/numa_layouts.csv`. How many NUMA nodes a type has stays in its cloud's own table.
Run: `python tools/make_numa_layouts.py`
"""

import sys

from fact_tables import Row, csv_text, write_or_check
from make_aws_machine_types import SOURCE, accelerated, hand_rows, load_dump

COLUMNS = ("cloud", "name", "sockets", "threads", "gpus_per_numa", "cpuless_numa_nodes", "source")


def rows() -> list[Row]:
    """Return one row a type that a source says something of, sorted by cloud and name."""
    found = {(row["cloud"], row["name"]): row for row in hand_rows("numa_layouts.csv")}
    dump = load_dump()
    for name in sorted(row["name"] for row in accelerated(dump)):
        if name not in dump:
            continue
        processor = dump[name]["VCpuInfo"]
        threads = processor["DefaultThreadsPerCore"]
        if processor["DefaultVCpus"] != processor["DefaultCores"] * threads:
            raise SystemExit(f"{name}: the dump's cores and threads are not its vCPUs")
        row = found.setdefault(("aws", name), {"cloud": "aws", "name": name, "source": ""})
        if row.get("threads"):
            raise SystemExit(f"{name}: the dump has its threads now: drop them from numa_layouts.csv")
        row["threads"] = str(threads)
        row["source"] = "; ".join(filter(None, (f"{SOURCE}: threads", row["source"])))
    return [found[key] for key in sorted(found)]


if __name__ == "__main__":
    sys.exit(write_or_check(__doc__ or "", {"numa_layouts.csv": csv_text(COLUMNS, rows())}))
