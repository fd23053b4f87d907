package main

import (
	"fmt"
	"os"
	"strconv"

	"github.com/go-logr/logr"
	cadvisorapi "github.com/google/cadvisor/info/v1"
	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/klog/v2"
	kubeletconfig "k8s.io/kubernetes/pkg/kubelet/apis/config"
	"k8s.io/kubernetes/pkg/kubelet/cm"
	"k8s.io/kubernetes/pkg/kubelet/cm/cpumanager"
	"k8s.io/kubernetes/pkg/kubelet/cm/cpumanager/topology"
	"k8s.io/kubernetes/pkg/kubelet/cm/memorymanager"
	"k8s.io/kubernetes/pkg/kubelet/cm/topologymanager"
	"k8s.io/kubernetes/pkg/kubelet/eviction"
	evictionapi "k8s.io/kubernetes/pkg/kubelet/eviction/api"
	"k8s.io/utils/cpuset"
)

// start makes the managers that a kubelet makes after validation, in its order; it says which stage failed.
//
// The sums of reservations and the comparison with the capacity are reproduced, since the kubelet's own are not exported:
// pkg/kubelet/cm/node_container_manager_linux.go and cmd/kubelet/app/server.go of v1.36.3.
func start(configuration *kubeletconfig.KubeletConfiguration, host machine) (string, error) {
	info, err := host.info()
	if err != nil {
		return "machine", err
	}
	if err := endpoints(configuration); err != nil {
		return "endpoints", err
	}
	reserved, err := reservedCPUs(configuration, info)
	if err != nil {
		return "reserved-cpus", err
	}
	kube, err := resources(configuration.KubeReserved)
	if err != nil {
		return "kube-reserved", err
	}
	system, err := resources(configuration.SystemReserved)
	if err != nil {
		return "system-reserved", err
	}
	// The container manager sees the hard thresholds alone (cmd/kubelet/app/server.go).
	hard, err := eviction.ParseThresholdConfig([]string{}, configuration.EvictionHard, nil, nil, nil)
	if err != nil {
		return "eviction", err
	}
	if _, err := cm.ParseQOSReserved(configuration.QOSReserved); err != nil {
		return "qos-reserved", err
	}
	node := reservations{kube: kube, system: system, hard: hard, capacity: v1.ResourceList{
		v1.ResourceCPU:    *resource.NewMilliQuantity(int64(info.NumCores*1000), resource.DecimalSI),
		v1.ResourceMemory: *resource.NewQuantity(int64(info.MemoryCapacity), resource.BinarySI),
	}}
	if stage, err := managers(configuration, info, reserved, node.sum()); err != nil {
		return stage, err
	}
	if _, err := eviction.ParseThresholdConfig(configuration.EnforceNodeAllocatable, configuration.EvictionHard,
		configuration.EvictionSoft, configuration.EvictionSoftGracePeriod, configuration.EvictionMinimumReclaim); err != nil {
		return "eviction", err
	}
	if configuration.LocalStorageCapacityIsolation {
		storage, err := resource.ParseQuantity(host.EphemeralStorage)
		if err != nil {
			return "machine", err
		}
		node.capacity[v1.ResourceEphemeralStorage] = storage
	}
	if err := node.fit(); err != nil {
		return "allocatable", err
	}
	if err := enforced(configuration, kube, system); err != nil {
		return "enforce-node-allocatable", err
	}
	return late(configuration)
}

func managers(configuration *kubeletconfig.KubeletConfiguration, info *cadvisorapi.MachineInfo, reserved cpuset.CPUSet,
	reservation v1.ResourceList) (string, error) {
	topologies, err := topologymanager.NewManager(info.Topology, configuration.TopologyManagerPolicy,
		configuration.TopologyManagerScope, configuration.TopologyManagerPolicyOptions)
	if err != nil {
		return "topology-manager", err
	}
	if _, err := cpumanager.NewManager(logr.Discard(), configuration.CPUManagerPolicy, configuration.CPUManagerPolicyOptions,
		configuration.CPUManagerReconcilePeriod.Duration, info, reserved, reservation, os.TempDir(), topologies); err != nil {
		return "cpu-manager", err
	}
	if _, err := memorymanager.NewManager(klog.Background(), configuration.MemoryManagerPolicy, info, reservation,
		configuration.ReservedMemory, os.TempDir(), topologies); err != nil {
		return "memory-manager", err
	}
	return "", nil
}

// reservedCPUs takes reservedSystemCPUs out of the reservations, as cmd/kubelet/app/server.go does.
func reservedCPUs(configuration *kubeletconfig.KubeletConfiguration, info *cadvisorapi.MachineInfo) (cpuset.CPUSet, error) {
	none := cpuset.New()
	if configuration.ReservedSystemCPUs == "" {
		return none, nil
	}
	known, err := topology.Discover(logr.Discard(), info)
	if err != nil {
		return none, err
	}
	reserved, err := cpuset.Parse(configuration.ReservedSystemCPUs)
	if err != nil {
		return none, err
	}
	if !reserved.IsSubsetOf(known.CPUDetails.CPUs()) {
		return none, fmt.Errorf("reservedSystemCPUs %s is no subset of the machine's CPUs", configuration.ReservedSystemCPUs)
	}
	if reserved.Size() > 0 {
		delete(configuration.KubeReserved, "cpu")
		if configuration.SystemReserved == nil {
			configuration.SystemReserved = map[string]string{}
		}
		configuration.SystemReserved["cpu"] = strconv.Itoa(reserved.Size())
	}
	return reserved, nil
}

// resources is parseResourceList of cmd/kubelet/app/server.go, which is not exported.
func resources(written map[string]string) (v1.ResourceList, error) {
	if len(written) == 0 {
		return nil, nil
	}
	found := v1.ResourceList{}
	for name, amount := range written {
		switch v1.ResourceName(name) {
		case v1.ResourceCPU, v1.ResourceMemory, v1.ResourceEphemeralStorage, "pid":
			quantity, err := resource.ParseQuantity(amount)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			if quantity.Sign() == -1 {
				return nil, fmt.Errorf("%s cannot be negative: %s", name, amount)
			}
			found[v1.ResourceName(name)] = quantity
		default:
			return nil, fmt.Errorf("cannot reserve %q", name)
		}
	}
	return found, nil
}

type reservations struct {
	kube, system, capacity v1.ResourceList
	hard                   []evictionapi.Threshold
}

func (r reservations) sum() v1.ResourceList {
	evicted := v1.ResourceList{}
	for _, threshold := range r.hard {
		switch threshold.Signal {
		case evictionapi.SignalMemoryAvailable:
			capacity := r.capacity[v1.ResourceMemory]
			evicted[v1.ResourceMemory] = *evictionapi.GetThresholdQuantity(threshold.Value, &capacity)
		case evictionapi.SignalNodeFsAvailable:
			capacity := r.capacity[v1.ResourceEphemeralStorage]
			evicted[v1.ResourceEphemeralStorage] = *evictionapi.GetThresholdQuantity(threshold.Value, &capacity)
		}
	}
	found := v1.ResourceList{}
	for name := range r.capacity {
		amount := resource.NewQuantity(0, resource.DecimalSI)
		amount.Add(r.system[name])
		amount.Add(r.kube[name])
		amount.Add(evicted[name])
		if !amount.IsZero() {
			found[name] = *amount
		}
	}
	return found
}

func (r reservations) fit() error {
	for name, amount := range r.sum() {
		left := r.capacity[name].DeepCopy()
		left.Sub(amount)
		if left.Sign() < 0 {
			return fmt.Errorf("the reservation of %s is beyond its capacity", name)
		}
	}
	return nil
}

// enforced is enforceExistingCgroup's demand for something to enforce (pkg/kubelet/cm/node_container_manager_linux.go).
func enforced(configuration *kubeletconfig.KubeletConfiguration, kube, system v1.ResourceList) error {
	wanted := sets.New(configuration.EnforceNodeAllocatable...)
	for name, reserved := range map[string]v1.ResourceList{"system-reserved": system, "kube-reserved": kube} {
		if (wanted.Has(name) || wanted.Has(name+"-compressible")) && reserved == nil {
			return fmt.Errorf("%s is enforced and nothing is reserved", name)
		}
	}
	return nil
}
