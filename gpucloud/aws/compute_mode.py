"""The compute mode of a pool's GPUs, in the user data of its nodes."""

from gpucloud.plan.model import ComputeMode

UNIT = "/etc/systemd/system/gpucloud-compute-mode.service"
_MODES: dict[ComputeMode, str] = {"default": "DEFAULT", "exclusive-process": "EXCLUSIVE_PROCESS"}


def compute_mode_script(mode: ComputeMode) -> str:
    """A POSIX script that installs and starts a unit which sets the mode: a driver forgets it with every restart.

    After the persistence daemon, as EKS's own unit for clocks (awslabs/amazon-eks-ami 81fec2e8, templates/al2023
    runtime/gpu/set-nvidia-clocks.service): without it the driver forgets the mode with its last client, too.
    """
    return f"""#!/bin/sh
set -eu
root=${{GPUCLOUD_ROOT:-}}
mkdir -p "$root{UNIT.rpartition("/")[0]}"
cat > "$root{UNIT}" <<'GPUCLOUD_FILE'
[Unit]
Description=Compute mode of the GPUs
After=nvidia-persistenced.service
Requires=nvidia-persistenced.service
Before=kubelet.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/bin/nvidia-smi --compute-mode={_MODES[mode]}
[Install]
WantedBy=multi-user.target
GPUCLOUD_FILE
systemctl daemon-reload
systemctl enable --now gpucloud-compute-mode.service
"""
