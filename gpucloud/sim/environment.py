"""The variables that send Pulumi to a local cloud and nowhere else."""

import os
import sys
from pathlib import Path

from gpucloud.sim.azure_native.identifiers import SUBSCRIPTION, TENANT
from gpucloud.sim.gcp.places import PROJECT

MARKER = "GPUCLOUD_SIM"


def make_environment(root: Path, ports: dict[str, int]) -> dict[str, str]:
    """Return the variables for a Pulumi command; `<root>/state` is made where it is not there yet.

    `PULUMI_DEBUG_PROVIDERS` attaches our providers in place of the real ones, for default and explicit providers alike;
    a package that is not in the list is still the real one, and needs a real plugin. `GPUCLOUD_SIM` says that this is
    so. Project, subscription and tenant are those of the local cloud, so that a program with only a region works, and
    no real one is written into its state.
    """
    state = root.resolve() / "state"
    state.mkdir(parents=True, exist_ok=True)
    providers = ",".join(f"{name}:{port}" for name, port in sorted(ports.items()))
    return {
        "ARM_SUBSCRIPTION_ID": SUBSCRIPTION,
        "ARM_TENANT_ID": TENANT,
        "GOOGLE_PROJECT": PROJECT,
        MARKER: ",".join(f"{name}=127.0.0.1:{port}" for name, port in sorted(ports.items())),
        "PATH": _path(root),
        "PULUMI_BACKEND_URL": f"file://{state}",
        "PULUMI_CONFIG_PASSPHRASE": "",
        "PULUMI_CREDENTIAL_STORE": "plaintext",
        "PULUMI_DEBUG_PROVIDERS": providers,
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_DISABLE_REGISTRY_RESOLVE": "true",
        "PULUMI_HOME": str(root.resolve() / "pulumi-home"),
        "PULUMI_PYTHON_CMD": sys.executable,
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }


def _path(root: Path) -> str:
    """Return PATH with the Pulumi that `make toolchain` found or made first, where it did."""
    starts = (root.resolve(), Path.cwd(), Path(__file__).resolve())
    notes = (folder / ".toolchain" / "pulumi-bin" for start in starts for folder in (start, *start.parents))
    found = next((note.read_text("utf-8").strip() for note in notes if note.is_file()), "")
    folders = [found] if Path(found).is_dir() else []
    folders += [entry for entry in os.environ.get("PATH", os.defpath).split(os.pathsep) if entry not in folders]
    return os.pathsep.join(folder for folder in folders if folder)
