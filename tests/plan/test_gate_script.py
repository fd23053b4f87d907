"""The gate's scripts, run by real shells beside a played `nvidia-smi`, or over played files of an AMD node."""

import shutil
import subprocess
from pathlib import Path

import pytest

from gpucloud.plan.gate_script import amd_script, least_memory_mib, nvidia_script
from gpucloud.plan.model import NodePoolPlan
from tests.plan.pools import cluster_on, environment, plan_environment, pool_on, pool_plan

SHELLS = [shell for shell in ("dash", "bash", "busybox") if shutil.which(shell)]
H100 = "NVIDIA H100 80GB HBM3, 81559, 580.126.20"
B200 = "NVIDIA B200, 183359"
COMPLETE = "    Fabric\n        State                             : Completed\n        Status : Success"
every_shell = pytest.mark.parametrize("shell", SHELLS)


class Node:
    """A folder that holds a `nvidia-smi` which says what a test has it say, as only thing on PATH."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def says(self, rows: list[str], *, listed: str = "", details: str = COMPLETE, code: int = 0) -> None:
        text = "\n".join(rows)
        program = self.folder / "nvidia-smi"
        program.write_text(
            "#!/bin/sh\ncase $1 in\n"
            f"--query-gpu=name,memory.total,driver_version) printf '%s\\n' '{text}'; exit {code} ;;\n"
            f"-L) printf '%s\\n' '{listed}' ;;\n-q) printf '%s\\n' '{details}' ;;\nesac\n"
        )
        program.chmod(0o755)

    def runs(self, shell: str, script: str) -> tuple[int, str]:
        command = [str(shutil.which(shell)), *(["sh"] if shell == "busybox" else []), "-c", script]
        done = subprocess.run(command, env={"PATH": str(self.folder)}, capture_output=True, text=True, check=False)
        assert done.stderr == ""
        return done.returncode, done.stdout.rstrip("\n")


@pytest.fixture
def node(tmp_path: Path) -> Node:
    return Node(tmp_path)


def _h100(**fields: object) -> NodePoolPlan:
    return pool_plan(name="h100", size={"desired": 1, "max": 1}, **fields)


def _b200() -> NodePoolPlan:
    return pool_plan(name="b200", machine_type="p6-b200.48xlarge", zones=("us-east-1b",))


@every_shell
def test_a_part_is_known_by_its_own_name_or_by_its_memory_alone(node: Node, shell: str) -> None:
    """No source has the name of a part of an RTX PRO 6000: the gate must not close on a node that is right."""
    fields = {"machine_type": "g4-standard-6", "zones": ("us-central1-b",), "size": {"desired": 1, "max": 1}}
    spec = cluster_on("gcp", pool_on("gcp", name="part", **fields), kubernetes_version="1.35")
    (pool,) = plan_environment(environment(spec)).clusters[0].node_pools
    script = nvidia_script(pool, 1, None)
    node.says(["NVIDIA RTX Pro 6000 Blackwell DC-4-12Q, 12288, 580.126.20"])
    assert node.runs(shell, script) == (0, "gate: pool part passes")
    node.says(["NVIDIA RTX Pro 6000 Blackwell DC-4-6Q, 6144, 580.126.20"])
    assert node.runs(shell, script)[0] == 1
    part = pool_plan(name="part", machine_type="g6f.xlarge", size={"desired": 1, "max": 1})
    node.says(["NVIDIA L4-3Q, 3072, 580.126.20"])
    assert node.runs(shell, nvidia_script(part, 1, None)) == (0, "gate: pool part passes")
    node.says(["NVIDIA L4-6Q, 6144, 580.126.20"])
    code, said = node.runs(shell, nvidia_script(part, 1, None))
    assert (code, said.partition(";")[0]) == (1, "gate: pool part: a device is NVIDIA L4-6Q, planned l4-24gb")


@every_shell
def test_the_planned_node_passes(node: Node, shell: str) -> None:
    node.says([H100] * 8)
    assert node.runs(shell, nvidia_script(_h100(), 8, None)) == (0, "gate: pool h100 passes")


@every_shell
@pytest.mark.parametrize(
    ("rows", "code", "said"),
    [
        ([H100] * 7, 0, "7 devices, planned 8; look at the device plugin's log"),
        ([H100] * 9, 0, "9 devices, planned 8; look at the device plugin's log"),
        (
            [*[H100] * 7, "NVIDIA H100 PCIe, 81559, 580.126.20"],
            0,
            "a device is NVIDIA H100 PCIe, planned h100-sxm-80gb;",
        ),
        ([*[H100] * 7, "NVIDIA H100 80GB HBM3 Mock, 81559, 580"], 0, "a device is NVIDIA H100 80GB HBM3 Mock, planned"),
        (["NVIDIA H100 80GB HBM3, 40000, 580.126.20"] * 8, 0, "a device has 40000 MiB of memory, planned 75366 at"),
        (["NVIDIA H100 80GB HBM3, [N/A], 580.126.20"] * 8, 0, "a device has [N/A] MiB of memory, planned 75366 at"),
        (["No devices were found"], 6, "nvidia-smi fails: No devices were found; look at who owns the driver"),
        (["NVIDIA-SMI has failed", "Make sure that"], 9, "nvidia-smi fails: NVIDIA-SMI has failed; look at who"),
    ],
)
def test_another_node_fails_in_one_line_with_what_to_do(
    node: Node, shell: str, rows: list[str], code: int, said: str
) -> None:
    node.says(rows, code=code)
    failed, text = node.runs(shell, nvidia_script(_h100(), 8, None))
    assert failed == 1
    assert text.startswith(f"gate: pool h100: {said}")
    assert "\n" not in text


@every_shell
def test_a_container_that_nothing_was_brought_into_fails(node: Node, shell: str) -> None:
    failed, text = node.runs(shell, nvidia_script(_h100(), 8, None))
    assert failed == 1
    assert text.startswith("gate: pool h100: no nvidia-smi in the container; nothing brought the driver's files")


@every_shell
def test_a_planned_driver_is_that_driver(node: Node, shell: str) -> None:
    own = {"family": "custom", "id": "ami-0123456789abcdef0"}
    pool = _h100(driver_owner="operator", driver_version="580.126.20", image=own)
    node.says([H100] * 8)
    assert node.runs(shell, nvidia_script(pool, 8, None))[0] == 0
    node.says([H100.replace("580.126.20", "580.105.08")] * 8)
    failed, text = node.runs(shell, nvidia_script(pool, 8, None))
    assert failed == 1
    assert "driver 580.105.08, planned 580.126.20; look at who owns the driver" in text


# 570.86.15 is from before the floor of its branch, 560 from before the accelerator; 600 is younger than what is known.
@every_shell
@pytest.mark.parametrize(
    ("driver", "knows"),
    [
        ("570.133.20", True),
        ("570.86.15", False),
        ("560.35.03", False),
        ("580.65.06", True),
        ("600.1", True),
        ("", False),
    ],
)
def test_a_driver_that_nobody_planned_knows_the_accelerator(node: Node, shell: str, driver: str, knows: bool) -> None:
    node.says([f"{B200}, {driver}"] * 8)
    failed, text = node.runs(shell, nvidia_script(_b200(), 8, None))
    assert failed == (0 if knows else 1)
    assert knows or f"driver {driver} does not know b200-180gb; look at who owns the driver" in text


@every_shell
@pytest.mark.parametrize("state", ["In Progress", "Not Started"])
def test_a_fabric_that_is_not_complete_fails(node: Node, shell: str, state: str) -> None:
    node.says([H100] * 8, details=COMPLETE.replace("Completed", state))
    failed, text = node.runs(shell, nvidia_script(_h100(), 8, None))
    assert (failed, text.partition(";")[0]) == (1, f"gate: pool h100: a GPU's NVSwitch fabric is {state}")
    # A state elsewhere in the text is not the fabric's.
    node.says([H100] * 8, details=f"    Clocks\n        State  : {state}\n{COMPLETE}")
    assert node.runs(shell, nvidia_script(_h100(), 8, None))[0] == 0


def _listed(*profiles: str) -> str:
    rows = [f"  MIG {name}     Device  {index}: (UUID: MIG-{index})" for index, name in enumerate(profiles)]
    return "\n".join(["GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-1)", *rows])


@every_shell
@pytest.mark.parametrize(
    ("profiles", "said"),
    [
        (["1g.10gb"] * 56, ""),
        (["1g.10gb"] * 55, "55 MIG instances 1g.10gb, planned 56; look at the MIG manager's log"),
        ([*["1g.10gb"] * 55, "2g.20gb"], "an instance of another profile than 1g.10gb:   MIG 2g.20gb"),
        ([], "0 MIG instances 1g.10gb, planned 56"),
    ],
)
def test_instances_are_the_planned_ones(node: Node, shell: str, profiles: list[str], said: str) -> None:
    pool = _h100(sharing={"type": "mig", "profile": "1g.10gb"})
    # The driver may not say the memory of a GPU that is cut.
    node.says(["NVIDIA H100 80GB HBM3, [Insufficient Permissions], 580.126.20"] * 8, listed=_listed(*profiles))
    failed, text = node.runs(shell, nvidia_script(pool, 8, {"1g.10gb": 56}))
    assert failed == (1 if said else 0)
    assert text.startswith(f"gate: pool h100: {said}" if said else "gate: pool h100 passes")


@every_shell
@pytest.mark.parametrize(
    ("profiles", "said"),
    [
        ([*["1g.10gb"] * 16, *["3g.40gb"] * 8], ""),
        ([*["1g.10gb"] * 16, *["3g.40gb"] * 7], "7 MIG instances 3g.40gb, planned 8"),
        ([*["1g.10gb"] * 15, *["3g.40gb"] * 8], "15 MIG instances 1g.10gb, planned 16"),
        ([*["1g.10gb"] * 16, *["3g.40gb"] * 8, "2g.20gb"], "an instance of another profile than 1g.10gb, 3g.40gb:"),
    ],
)
def test_each_kind_of_a_layout_is_counted(node: Node, shell: str, profiles: list[str], said: str) -> None:
    layout = {"1g.10gb": 2, "3g.40gb": 1}
    node.says(["NVIDIA H100 80GB HBM3, [Insufficient Permissions], 580.126.20"] * 8, listed=_listed(*profiles))
    script = nvidia_script(_h100(sharing={"type": "mig", "layout": layout}), 8, {"1g.10gb": 16, "3g.40gb": 8})
    failed, text = node.runs(shell, script)
    assert failed == (1 if said else 0)
    assert text.startswith(f"gate: pool h100: {said}" if said else "gate: pool h100 passes")


def test_a_part_of_a_gpu_has_a_part_of_its_memory() -> None:
    pool = pool_on("azure", machine_type="Standard_NV6ads_A10_v5", zones=("1",))
    part = plan_environment(environment(cluster_on("azure", pool))).clusters[0].node_pools[0]
    assert part.machine.accelerator_fraction == "1/6"
    assert least_memory_mib(part) == int(24_576 * 0.92 / 6)
    assert "'NVIDIA A10-4Q'" in nvidia_script(part, 1, None)


def _mi300x() -> NodePoolPlan:
    fields = {"machine_type": "Standard_ND96isr_MI300X_v5", "zones": ("regional",), "driver_owner": "operator"}
    stack = {"amd_driver_image": "registry.example.com/amd/driver"}
    planned = cluster_on("azure", pool_on("azure", name="mi300x", **fields), region="westus", gpu_stack=stack)
    return plan_environment(environment(planned)).clusters[0].node_pools[0]


def _amd_node(root: Path, devices: int, *, id_: str = "0x74b5", mib: int = 196_592) -> None:
    (root / "sys/module/amdgpu").mkdir(parents=True)
    (root / "dev/dri").mkdir(parents=True)
    (root / "dev/kfd").touch()
    for minor in range(128, 128 + devices):
        (root / f"dev/dri/renderD{minor}").touch()
        device = root / f"sys/class/drm/renderD{minor}/device"
        device.mkdir(parents=True)
        (device / "device").write_text(f"{id_}\n")
        (device / "mem_info_vram_total").write_text(f"{mib * 2**20}\n")


@every_shell
@pytest.mark.parametrize(
    ("devices", "id_", "mib", "said"),
    [
        (8, "0x74b5", 196_592, ""),
        (7, "0x74b5", 196_592, "7 devices, planned 8; look at AMD's device plugin"),
        (0, "0x74b5", 196_592, "0 devices, planned 8; look at AMD's device plugin"),
        (8, "0x74a5", 262_128, "a device is PCI device 0x74a5, planned mi300x-192gb; the nodes are not"),
        (8, "0x74b5", 98_304, "a device has 98304 MiB of memory, planned 180879 at least; the nodes are not"),
    ],
)
def test_devices_of_amd_are_the_planned_ones(  # noqa: PLR0917  # a node
    node: Node, shell: str, devices: int, id_: str, mib: int, said: str
) -> None:
    _amd_node(node.folder, devices, id_=id_, mib=mib)
    failed, text = node.runs(shell, amd_script(_mi300x(), 8, str(node.folder)))
    assert failed == (1 if said else 0)
    assert text.startswith(f"gate: pool mi300x: {said}" if said else "gate: pool mi300x passes")


@every_shell
@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("sys/module/amdgpu", "the node runs no amdgpu driver; look at who owns"),
        ("dev/kfd", "no /dev/kfd that may be"),
        ("sys/class/drm/renderD130/device/device", "a device is PCI device , planned mi300x-192gb"),
        ("sys/class/drm/renderD130/device/mem_info_vram_total", "a device has 0 MiB of memory"),
    ],
)
def test_an_amd_node_that_lacks_a_file_fails(node: Node, shell: str, missing: str, said: str) -> None:
    _amd_node(node.folder, 8)
    path = node.folder / missing
    path.rmdir() if path.is_dir() else path.unlink()
    failed, text = node.runs(shell, amd_script(_mi300x(), 8, str(node.folder)))
    assert failed == 1
    assert text.startswith(f"gate: pool mi300x: {said}")
