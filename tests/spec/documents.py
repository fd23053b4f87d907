"""A valid document to break: two clusters, every kind of pool, nothing left to a default that a test breaks."""

from typing import Any


def valid_document() -> dict[str, Any]:
    """Fresh each time, so that a test may change it."""
    return {
        "name": "prod",
        "clusters": [
            {
                "name": "train",
                "cloud": "aws",
                "region": "us-east-1",
                "kubernetes_version": "1.34",
                "network": {"cidr": "10.16.0.0/16", "nat": "single"},
                "access": {"admins": ["arn:aws:iam::123456789012:role/admin"], "public_from": ["203.0.113.0/24"]},
                "system_pool": {"machine_type": "m7i.large", "size": {"min": 2, "desired": 2, "max": 3}},
                "node_pools": [
                    {
                        "name": "h100",
                        "machine_type": "p5.48xlarge",
                        "zones": ["us-east-1a", "us-east-1b", "us-east-1c"],
                        "size": {"min": 0, "desired": 4, "max": 8},
                        "capacity": [
                            {
                                "type": "reserved",
                                "reservation_id": "cr-0123456789abcdef0",
                                "zone": "us-east-1b",
                                "count": 2,
                            },
                            "on-demand",
                            {"type": "spot"},
                        ],
                        "fabric": "efa",
                        "labels": {"team": "research"},
                        "taints": [{"key": "dedicated", "value": "train"}, {"key": "team", "effect": "NoExecute"}],
                        "kubelet": {"cpuManagerPolicy": "static", "maxPods": 58},
                        "root_disk": {"size_gib": 300, "throughput_mib_s": 600, "iops": 4000},
                    },
                    {
                        "name": "l4",
                        "accelerator": "l4-24gb",
                        "accelerators_per_node": 1,
                        "zones": ["us-east-1d", "us-east-1a"],
                        "spread": "even",
                        "size": {"min": 2, "desired": 3, "max": 7},
                    },
                ],
                "tags": {"cost-center": "ml"},
            },
            {
                "name": "serve",
                "cloud": "aws",
                "region": "us-west-2",
                "gpu_stack": {"operator_version": "26.7.0"},
                "node_pools": [
                    {
                        "name": "a10g",
                        "machine_type": "g5.12xlarge",
                        "zones": ["us-west-2a", "us-west-2b"],
                        "image": {"family": "custom", "id": "ami-0123456789abcdef0"},
                        "driver_owner": "operator",
                    }
                ],
            },
        ],
    }
