package main

import (
	"encoding/json"
	"fmt"
	"regexp"

	cadvisorapi "github.com/google/cadvisor/info/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// machine is what the kubelet would find out about its host: described, never the host that this runs on.
type machine struct {
	Sockets          int    `json:"sockets"`
	Numa             int    `json:"numa"`
	Cores            int    `json:"cores"`
	Threads          int    `json:"threads"`
	CpulessNuma      int    `json:"cpulessNuma"`
	Memory           string `json:"memory"`
	EphemeralStorage string `json:"ephemeralStorage"`
	Cgroup           string `json:"cgroup"`
	Swap             bool   `json:"swap"`
}

var described = regexp.MustCompile(`^\s*#\s*machine:\s*(\{.*\})\s*(?:\n|$)`)

// machineOf reads a first line such as `# machine: {"sockets": 2, "memory": "2Ti"}`; what is left out has a default.
func machineOf(text []byte) (machine, error) {
	found := machine{Sockets: 2, Numa: 2, Cores: 96, Threads: 2, Memory: "2Ti", EphemeralStorage: "1Ti", Cgroup: "v2"}
	line := described.FindSubmatch(text)
	if line == nil {
		return found, nil
	}
	err := json.Unmarshal(line[1], &found)
	return found, err
}

// info lays cores and memory out in order: thread t of core c is CPU c + t*cores, the first node has what does not divide.
func (m machine) info() (*cadvisorapi.MachineInfo, error) {
	memory, err := resource.ParseQuantity(m.Memory)
	if err != nil {
		return nil, fmt.Errorf("memory: %w", err)
	}
	total := memory.Value()
	share, rest := total/int64(m.Numa), total%int64(m.Numa)
	info := &cadvisorapi.MachineInfo{
		NumCores:         m.Cores * m.Threads,
		NumPhysicalCores: m.Cores,
		NumSockets:       m.Sockets,
		MemoryCapacity:   uint64(total),
	}
	for id := range m.Numa + m.CpulessNuma {
		node := cadvisorapi.Node{Id: id}
		if id < m.Numa {
			node.Memory = uint64(share)
			if id == 0 {
				node.Memory += uint64(rest)
			}
			node.Cores = m.coresOf(id)
		}
		for other := range m.Numa + m.CpulessNuma {
			// What firmware reports for a node itself and for any other one.
			distance := uint64(20)
			if other == id {
				distance = 10
			}
			node.Distances = append(node.Distances, distance)
		}
		info.Topology = append(info.Topology, node)
	}
	return info, nil
}

func (m machine) coresOf(node int) []cadvisorapi.Core {
	var cores []cadvisorapi.Core
	for id := range m.Cores {
		if id*m.Numa/m.Cores != node {
			continue
		}
		core := cadvisorapi.Core{Id: id, SocketID: id * m.Sockets / m.Cores}
		for thread := range m.Threads {
			core.Threads = append(core.Threads, id+thread*m.Cores)
		}
		cores = append(cores, core)
	}
	return cores
}
