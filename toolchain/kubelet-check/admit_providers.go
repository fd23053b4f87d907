package main

import (
	"fmt"

	v1 "k8s.io/api/core/v1"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/kubelet/cm/cpumanager"
	cpustate "k8s.io/kubernetes/pkg/kubelet/cm/cpumanager/state"
	"k8s.io/kubernetes/pkg/kubelet/cm/memorymanager"
	memorystate "k8s.io/kubernetes/pkg/kubelet/cm/memorymanager/state"
	"k8s.io/kubernetes/pkg/kubelet/cm/topologymanager"
	"k8s.io/kubernetes/pkg/kubelet/cm/topologymanager/bitmask"
)

type hintMap = map[string][]topologymanager.TopologyHint

// cpuProvider lets the topology manager ask the CPU manager's policy without the manager around it.
type cpuProvider struct {
	policy cpumanager.Policy
	state  cpustate.State
}

func (p cpuProvider) GetTopologyHints(pod *v1.Pod, container *v1.Container) hintMap {
	return p.policy.GetTopologyHints(klog.Background(), p.state, pod, container)
}

func (p cpuProvider) GetPodTopologyHints(pod *v1.Pod) hintMap {
	return p.policy.GetPodTopologyHints(klog.Background(), p.state, pod)
}

func (p cpuProvider) Allocate(pod *v1.Pod, container *v1.Container) error {
	return p.policy.Allocate(klog.Background(), p.state, pod, container)
}

func (p cpuProvider) AllocatePod(pod *v1.Pod) error {
	return p.policy.AllocatePod(klog.Background(), p.state, pod)
}

// memoryProvider does the same for the memory manager's policy.
type memoryProvider struct {
	policy memorymanager.Policy
	state  memorystate.State
}

func (p memoryProvider) GetTopologyHints(pod *v1.Pod, container *v1.Container) hintMap {
	return p.policy.GetTopologyHints(klog.Background(), p.state, pod, container)
}

func (p memoryProvider) GetPodTopologyHints(pod *v1.Pod) hintMap {
	return p.policy.GetPodTopologyHints(klog.Background(), p.state, pod)
}

func (p memoryProvider) Allocate(pod *v1.Pod, container *v1.Container) error {
	return p.policy.Allocate(klog.Background(), p.state, pod, container)
}

func (p memoryProvider) AllocatePod(pod *v1.Pod) error {
	return p.policy.AllocatePod(klog.Background(), p.state, pod)
}

const gpuResource = v1.ResourceName("nvidia.com/gpu")

// gpus stands in for the device manager, which needs a plugin on a socket; it knows app containers alone.
type gpus struct {
	total, free []int
	store       topologymanager.Store
}

func newGPUs(perNode []int, store topologymanager.Store) *gpus {
	return &gpus{append([]int{}, perNode...), append([]int{}, perNode...), store}
}

func (g *gpus) hints(wanted int) hintMap {
	nodes, free := []int{}, 0
	for node, count := range g.total {
		free += g.free[node]
		if count > 0 {
			nodes = append(nodes, node)
		}
	}
	hints := []topologymanager.TopologyHint{}
	if free < wanted {
		return hintMap{string(gpuResource): hints}
	}
	smallest := len(nodes)
	bitmask.IterateBitMasks(nodes, func(mask bitmask.BitMask) {
		there, left := 0, 0
		for _, node := range mask.GetBits() {
			there += g.total[node]
			left += g.free[node]
		}
		if there >= wanted && mask.Count() < smallest {
			smallest = mask.Count()
		}
		if left >= wanted {
			hints = append(hints, topologymanager.TopologyHint{NUMANodeAffinity: mask})
		}
	})
	for i := range hints {
		hints[i].Preferred = hints[i].NUMANodeAffinity.Count() == smallest
	}
	return hintMap{string(gpuResource): hints}
}

func wantedGPUs(container *v1.Container) int {
	amount := container.Resources.Limits[gpuResource]
	return int(amount.Value())
}

func (g *gpus) GetTopologyHints(_ *v1.Pod, container *v1.Container) hintMap {
	if wanted := wantedGPUs(container); wanted > 0 {
		return g.hints(wanted)
	}
	return nil
}

func (g *gpus) GetPodTopologyHints(pod *v1.Pod) hintMap {
	wanted := 0
	for i := range pod.Spec.Containers {
		wanted += wantedGPUs(&pod.Spec.Containers[i])
	}
	if wanted > 0 {
		return g.hints(wanted)
	}
	return nil
}

func (g *gpus) Allocate(pod *v1.Pod, container *v1.Container) error {
	wanted := wantedGPUs(container)
	hint := g.store.GetAffinity(string(pod.UID), container.Name)
	for _, near := range []bool{true, false} {
		for node := range g.free {
			isNear := hint.NUMANodeAffinity == nil || hint.NUMANodeAffinity.IsSet(node)
			if isNear == near {
				taken := min(wanted, g.free[node])
				g.free[node] -= taken
				wanted -= taken
			}
		}
	}
	if wanted > 0 {
		return fmt.Errorf("requested number of devices unavailable for %s", gpuResource)
	}
	return nil
}

func (g *gpus) AllocatePod(_ *v1.Pod) error { return nil }
