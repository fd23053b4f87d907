"""The shell script that installs a kubelet drop-in on a live node, and leaves it able to join whatever happens.

The kubelet keeps what its CPU and memory managers gave out in files that it refuses once a policy or a reservation
changed (k8s.io/kubernetes v1.36.3 pkg/kubelet/cm/{cpumanager,memorymanager}); healthz is its default, 127.0.0.1:10248.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from gpucloud.kubelet.delivery.whole_file import DROP_IN, render_kubeadm
from gpucloud.kubelet.manager_options import is_on

_END = "GPUCLOUD_DROP_IN"
# Options that choose which CPUs are reserved, or whether containers may use them: state_files.py says why.
_CPU_OPTIONS = (
    "distribute-cpus-across-cores",
    "distribute-cpus-across-numa",
    "prefer-align-cpus-by-uncorecache",
    "strict-cpu-reservation",
)


def install_script(values: Mapping[str, Any]) -> str:
    """A POSIX script that installs the drop-in of a configuration and restarts the kubelet; drain the node first.

    It clears a manager's state file when what that manager is configured with changed since the last run, and on the
    first run. A kubelet that is not healthy in time gets its old drop-in and state files back, and so does a node whose
    run was killed, on the next run. Exit status: 0 installed or nothing to do, 1 the old configuration is back, 2 it is
    back and not healthy either, 3 the kubelet does not read the drop-in directory and nothing was touched.

    Raises ValueError for an empty configuration.
    """
    drop_in = render_kubeadm(values, {}).documents.get(DROP_IN)
    if not isinstance(drop_in, str):
        raise ValueError("an empty configuration has no drop-in to install")  # noqa: TRY004 the values are wrong
    if _END in drop_in.splitlines():
        raise ValueError(f"the configuration has a line {_END}, which ends the script's document")
    return (
        _SCRIPT.replace("@NAME@", DROP_IN)
        .replace("@CPU@", _fingerprint(_cpu_state(values)))
        .replace("@MEMORY@", _fingerprint(_memory_state(values)))
        .replace("@END@", _END)
        .replace("@DROP_IN@", drop_in)
    )


def _cpu_state(values: Mapping[str, Any]) -> Any:
    """What the CPU manager's state file must agree with; without the static policy, the policy alone."""
    policy = values.get("cpuManagerPolicy") or "none"
    if policy != "static":
        return [policy]
    options = values.get("cpuManagerPolicyOptions") or {}
    reserved = values.get("reservedSystemCPUs") or [_part(values, name, "cpu") for name in _RESERVATIONS]
    return [policy, [name for name in _CPU_OPTIONS if is_on(options, name)], reserved]


def _memory_state(values: Mapping[str, Any]) -> Any:
    policy = values.get("memoryManagerPolicy") or "None"
    if policy != "Static":
        return [policy]
    shares = [(share.get("numaNode", 0), dict(share.get("limits") or {})) for share in values.get("reservedMemory", ())]
    return [policy, sorted(shares, key=lambda share: share[0])]


def _part(values: Mapping[str, Any], name: str, resource: str) -> str:
    return str((values.get(name) or {}).get(resource, ""))


def _fingerprint(state: Any) -> str:
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:16]


_RESERVATIONS = ("kubeReserved", "systemReserved")
_SCRIPT = r"""#!/bin/sh
# Installs @NAME@ on a node whose kubelet runs, or leaves the node as it was. Drain the node first.
set -eu
umask 022
root=${GPUCLOUD_ROOT:-}
tries=${GPUCLOUD_TRIES:-60}
pause=${GPUCLOUD_PAUSE:-2}
directory=/etc/kubernetes/kubelet.conf.d
drop_in=$root$directory/@NAME@
kubelet=$root/var/lib/kubelet
kept=$root/var/lib/gpucloud/kubelet
journal=$kept/journal
marker=$kept/managers
stopped=

say() { echo "gpucloud: $*" >&2; }

is_healthy() {
  good=0
  left=$tries
  while [ "$left" -gt 0 ]; do
    if curl -fsS -o /dev/null --max-time 5 http://127.0.0.1:10248/healthz 2>/dev/null; then
      good=$((good + 1))
      [ "$good" -lt 3 ] || return 0
    else
      good=0
      sleep "$pause"
    fi
    left=$((left - 1))
  done
  return 1
}

# Puts a file into place in one step, so that none is ever half there.
place() {
  cp "$1" "$2.gpucloud-new"
  mv -f "$2.gpucloud-new" "$2"
}

put_back() {
  if [ -f "$journal/$1" ]; then place "$journal/$1" "$2"; else rm -f "$2"; fi
}

restore() {
  systemctl stop kubelet || say "the kubelet did not stop"
  put_back drop-in "$drop_in"
  put_back managers "$marker"
  while read -r name; do
    put_back "$name" "$kubelet/$name"
  done < "$journal/cleared"
  rm -f "$journal/ready"
  systemctl start kubelet || say "the kubelet did not start"
}

finish() {
  status=$?
  trap - EXIT
  trap '' HUP INT TERM
  if [ -f "$journal/ready" ]; then
    set +e
    say "the kubelet gets its old configuration back"
    restore
    status=1
    is_healthy || { say "it is not healthy with its old configuration either"; status=2; }
  elif [ -n "$stopped" ]; then
    systemctl start kubelet || say "the kubelet did not start"
  fi
  exit "$status"
}

if ! {
  systemctl cat kubelet
  cat "$kubelet/kubeadm-flags.env" "$root/etc/default/kubelet" "$root/etc/sysconfig/kubelet"
} 2>/dev/null | grep -q -e "--config-dir[= ]$directory"; then
  say "the kubelet is not started with --config-dir=$directory and would not read the drop-in; nothing was touched"
  exit 3
fi

trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir -p "$root$directory" "$kept"

if [ -f "$journal/ready" ]; then
  say "a run before this one was cut off; what it found is put back first"
  restore
fi

new=$kept/new
cat > "$new" <<'@END@'
@DROP_IN@@END@
printf '%s\n' 'cpu_manager_state @CPU@' 'memory_manager_state @MEMORY@' > "$kept/managers-new"

if cmp -s "$new" "$drop_in" && cmp -s "$kept/managers-new" "$marker" && is_healthy; then
  say "nothing to do"
  exit 0
fi

rm -rf "$journal"
mkdir -p "$journal"
: > "$journal/cleared"
[ ! -f "$drop_in" ] || cp "$drop_in" "$journal/drop-in"
[ ! -f "$marker" ] || cp "$marker" "$journal/managers"
while read -r name configured; do
  if ! grep -q -x -F "$name $configured" "$marker" 2>/dev/null; then
    echo "$name" >> "$journal/cleared"
  fi
done < "$kept/managers-new"

stopped=yes
systemctl stop kubelet
# Copied only now: a kubelet that runs writes them.
while read -r name; do
  [ ! -f "$kubelet/$name" ] || cp "$kubelet/$name" "$journal/$name"
done < "$journal/cleared"
sync
: > "$journal/ready"

while read -r name; do
  rm -f "$kubelet/$name"
done < "$journal/cleared"
place "$new" "$drop_in"
systemctl start kubelet
stopped=
if ! is_healthy; then
  say "the kubelet is not healthy with the new configuration"
  exit 1
fi
place "$kept/managers-new" "$marker"
rm -f "$journal/ready"
rm -rf "$journal" "$new" "$kept/managers-new"
say "installed"
"""
