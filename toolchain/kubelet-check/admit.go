package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"sort"

	cadvisorapi "github.com/google/cadvisor/info/v1"
	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/kubelet/cm/cpumanager"
	cpustate "k8s.io/kubernetes/pkg/kubelet/cm/cpumanager/state"
	"k8s.io/kubernetes/pkg/kubelet/cm/cpumanager/topology"
	"k8s.io/kubernetes/pkg/kubelet/cm/memorymanager"
	memorystate "k8s.io/kubernetes/pkg/kubelet/cm/memorymanager/state"
	"k8s.io/kubernetes/pkg/kubelet/cm/topologymanager"
	"k8s.io/kubernetes/pkg/kubelet/cm/topologymanager/bitmask"
	"k8s.io/kubernetes/pkg/kubelet/lifecycle"
	"k8s.io/utils/cpuset"
)

// admitCase is one line of input: a machine, the managers' settings, and either hints to merge or pods to admit.
type admitCase struct {
	Sockets, Numa, Cores, Threads int
	Memory                        []uint64
	Policy, Scope                 string
	Options, CPUOptions           map[string]string
	Distances                     [][]uint64
	StaticCPU, StaticMemory       bool
	ReservedCPUs                  int
	ReservedMemory                []uint64
	GPUs                          []int
	Hints                         []map[string][]admitHint
	Pods                          []v1.PodSpec
}

// admitHint has no nodes where any will do; a resource that is null wants nothing.
type admitHint struct {
	Nodes     []int
	Preferred bool
}

type admitAnswer struct {
	Error    string      `json:"error,omitempty"`
	Admitted bool        `json:"admitted"`
	Hint     *admitHint  `json:"hint,omitempty"`
	Pods     []podAnswer `json:"pods,omitempty"`
}

type podAnswer struct {
	Admitted        bool
	Reason, Message string
	Containers      []containerAnswer
}

type containerAnswer struct {
	Name   string
	Nodes  []int
	CPUs   []int
	Memory []memorystate.Block
}

// runAdmit answers every line of input with the kubelet's own managers, the device manager excepted (see admit_providers.go).
func runAdmit(in io.Reader, out io.Writer) error {
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
	if err := utilfeature.DefaultMutableFeatureGate.Set("CPUManagerPolicyAlphaOptions=true"); err != nil {
		return err
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var asked admitCase
		answer := admitAnswer{}
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			answer.Error = err.Error()
		} else if answer, err = asked.answer(); err != nil {
			answer.Error = err.Error()
		}
		text, err := json.Marshal(answer)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(out, "%s\n", text); err != nil {
			return err
		}
	}
	return lines.Err()
}

func (c admitCase) answer() (admitAnswer, error) {
	if c.Hints != nil {
		return c.merge()
	}
	return c.admit()
}

func (c admitCase) nodes() []cadvisorapi.Node {
	nodes := make([]cadvisorapi.Node, c.Numa)
	for id := range nodes {
		nodes[id] = cadvisorapi.Node{Id: id, Memory: c.Memory[id]}
		if c.Distances != nil {
			nodes[id].Distances = c.Distances[id]
		}
	}
	for core := 0; core < c.Cores; core++ {
		threads := []int{}
		for thread := 0; thread < c.Threads; thread++ {
			threads = append(threads, core+thread*c.Cores)
		}
		node := core * c.Numa / c.Cores
		nodes[node].Cores = append(nodes[node].Cores, cadvisorapi.Core{
			Id: core, Threads: threads, SocketID: core * c.Sockets / c.Cores,
		})
	}
	return nodes
}

func (c admitCase) merge() (admitAnswer, error) {
	logger := klog.Background()
	options, err := topologymanager.NewPolicyOptions(logger, c.Options)
	if err != nil {
		return admitAnswer{}, err
	}
	numa, err := topologymanager.NewNUMAInfo(c.nodes(), options)
	if err != nil {
		return admitAnswer{}, err
	}
	policies := map[string]topologymanager.Policy{
		"none":             topologymanager.NewNonePolicy(),
		"best-effort":      topologymanager.NewBestEffortPolicy(numa, options),
		"restricted":       topologymanager.NewRestrictedPolicy(numa, options),
		"single-numa-node": topologymanager.NewSingleNumaNodePolicy(numa, options),
	}
	providers := []map[string][]topologymanager.TopologyHint{}
	for _, given := range c.Hints {
		provider := map[string][]topologymanager.TopologyHint{}
		for resource, hints := range given {
			if hints == nil {
				provider[resource] = nil
				continue
			}
			provider[resource] = []topologymanager.TopologyHint{}
			for _, hint := range hints {
				made := topologymanager.TopologyHint{Preferred: hint.Preferred}
				if hint.Nodes != nil {
					if made.NUMANodeAffinity, err = bitmask.NewBitMask(hint.Nodes...); err != nil {
						return admitAnswer{}, err
					}
				}
				provider[resource] = append(provider[resource], made)
			}
		}
		providers = append(providers, provider)
	}
	best, admitted := policies[c.Policy].Merge(logger, providers)
	return admitAnswer{Admitted: admitted, Hint: &admitHint{hintNodes(best), best.Preferred}}, nil
}

func (c admitCase) admit() (admitAnswer, error) {
	logger := klog.Background()
	machine := &cadvisorapi.MachineInfo{NumCores: c.Cores * c.Threads, NumSockets: c.Sockets, Topology: c.nodes()}
	topologyManager, err := topologymanager.NewManager(machine.Topology, c.Policy, c.Scope, c.Options)
	if err != nil {
		return admitAnswer{}, err
	}
	topologyManager.AddHintProvider(logger, newGPUs(c.GPUs, topologyManager))
	cpus := cpustate.NewMemoryState(logger)
	if c.StaticCPU {
		layout, err := topology.Discover(logger, machine)
		if err != nil {
			return admitAnswer{}, err
		}
		policy, err := cpumanager.NewStaticPolicy(
			logger, layout, c.ReservedCPUs, cpuset.New(), topologyManager, c.CPUOptions)
		if err != nil {
			return admitAnswer{}, err
		}
		if err := policy.Start(logger, cpus); err != nil {
			return admitAnswer{}, err
		}
		topologyManager.AddHintProvider(logger, cpuProvider{policy, cpus})
	}
	memory := memorystate.NewMemoryState(logger)
	if c.StaticMemory {
		reserved := map[int]map[v1.ResourceName]uint64{}
		for node, size := range c.ReservedMemory {
			reserved[node] = map[v1.ResourceName]uint64{v1.ResourceMemory: size}
		}
		policy, err := memorymanager.NewPolicyStatic(logger, machine, reserved, topologyManager)
		if err != nil {
			return admitAnswer{}, err
		}
		if err := policy.Start(logger, memory); err != nil {
			return admitAnswer{}, err
		}
		topologyManager.AddHintProvider(logger, memoryProvider{policy, memory})
	}
	answer := admitAnswer{Admitted: true}
	for index, spec := range c.Pods {
		uid := fmt.Sprintf("pod-%d", index)
		pod := &v1.Pod{Spec: spec}
		pod.UID, pod.Name = types.UID(uid), uid
		result := topologyManager.Admit(&lifecycle.PodAdmitAttributes{Pod: pod})
		found := podAnswer{Admitted: result.Admit, Reason: result.Reason, Message: result.Message}
		for _, container := range append(append([]v1.Container{}, spec.InitContainers...), spec.Containers...) {
			given, _ := cpus.GetCPUSet(uid, container.Name)
			found.Containers = append(found.Containers, containerAnswer{
				Name:   container.Name,
				Nodes:  hintNodes(topologyManager.GetAffinity(uid, container.Name)),
				CPUs:   given.List(),
				Memory: memory.GetMemoryBlocks(uid, container.Name),
			})
		}
		answer.Pods = append(answer.Pods, found)
		if !result.Admit {
			answer.Admitted = false
			break
		}
	}
	return answer, nil
}

func hintNodes(hint topologymanager.TopologyHint) []int {
	if hint.NUMANodeAffinity == nil {
		return nil
	}
	nodes := append([]int{}, hint.NUMANodeAffinity.GetBits()...)
	sort.Ints(nodes)
	return nodes
}
