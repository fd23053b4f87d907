package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	_ "k8s.io/component-base/logs/json/register" // the log format `json`, as the kubelet's own main registers it
	_ "k8s.io/kubernetes/cmd/kubelet/app"        // registers the gates of the kubelet's own command
	kubeletconfig "k8s.io/kubernetes/pkg/kubelet/apis/config"
	kubeletscheme "k8s.io/kubernetes/pkg/kubelet/apis/config/scheme"
	"k8s.io/kubernetes/pkg/kubelet/apis/config/validation"
	"k8s.io/kubernetes/pkg/kubelet/eviction"
	kubeletcodec "k8s.io/kubernetes/pkg/kubelet/kubeletconfig/util/codec"
)

type problem struct {
	Rule    string `json:"rule"`
	Path    string `json:"path"`
	Message string `json:"message"`
	Level   string `json:"level"`
}

type verdict struct {
	File     string    `json:"file"`
	OK       bool      `json:"ok"`
	Problems []problem `json:"problems"`
}

// original is the registry as the program starts with it: a kubelet's gates are global, and it reads one file in its life.
var original = utilfeature.DefaultMutableFeatureGate.DeepCopy()

// judge says whether a kubelet would start with a file, and at which stage it would not.
func judge(file string, text []byte) verdict {
	found := verdict{File: file, OK: true, Problems: []problem{}}
	for _, complaint := range stages(text) {
		if complaint.Level == "kubelet" {
			found.OK = false
		}
		complaint.Message = strings.ReplaceAll(complaint.Message, "\n", "; ")
		found.Problems = append(found.Problems, complaint)
	}
	return found
}

func stages(text []byte) (found []problem) {
	stage := "machine"
	fail := func(err error) []problem {
		return append(found, problem{Rule: stage, Message: err.Error(), Level: "kubelet"})
	}
	// A gate that cannot be set panics while defaulting, as in the kubelet.
	defer func() {
		if panicked := recover(); panicked != nil {
			found = fail(fmt.Errorf("panic: %v", panicked))
		}
		resetGates()
	}()
	resetGates()
	host, err := machineOf(text)
	if err != nil {
		return fail(err)
	}
	stage = "decode"
	configuration, ignored, err := decode(text)
	if err != nil {
		return fail(err)
	}
	found = append(found, ignored...)
	stage = "gates"
	if err := utilfeature.DefaultMutableFeatureGate.SetFromMap(configuration.FeatureGates); err != nil {
		return fail(err)
	}
	stage = "host"
	if err := hostChecks(configuration, host); err != nil {
		return fail(err)
	}
	stage = "validation"
	if err := validate(configuration); err != nil {
		return fail(err)
	}
	var failed string
	if failed, err = start(configuration, host); err != nil {
		stage = failed
		return fail(err)
	}
	return found
}

// decode reads as pkg/kubelet/kubeletconfig/configfiles does, and fills in evictionHard as cmd/kubelet/app does.
func decode(text []byte) (*kubeletconfig.KubeletConfiguration, []problem, error) {
	_, codecs, err := kubeletscheme.NewSchemeAndCodecs()
	if err != nil {
		return nil, nil, err
	}
	if len(text) == 0 {
		return nil, nil, fmt.Errorf("the file is empty")
	}
	var ignored []problem
	if _, _, err := codecs.UniversalDecoder().Decode(text, nil, nil); err != nil && runtime.IsStrictDecodingError(err) {
		ignored = append(ignored, problem{Rule: "decode", Message: err.Error(), Level: "ignored"})
	}
	configuration, err := kubeletcodec.DecodeKubeletConfiguration(context.Background(), codecs, text)
	if err != nil {
		return nil, ignored, err
	}
	// resolveRelativePaths of pkg/kubelet/kubeletconfig/configfiles, from the folder where nodes have the file.
	for _, reference := range kubeletconfig.KubeletConfigurationPathRefs(configuration) {
		if *reference != "" && !filepath.IsAbs(*reference) {
			*reference = filepath.Join("/var/lib/kubelet", *reference)
		}
	}
	if configuration.EvictionHard == nil {
		configuration.EvictionHard = eviction.DefaultEvictionHard
	} else if configuration.MergeDefaultEvictionSettings {
		for signal, threshold := range eviction.DefaultEvictionHard {
			if _, written := configuration.EvictionHard[signal]; !written {
				configuration.EvictionHard[signal] = threshold
			}
		}
	}
	return configuration, ignored, nil
}

// hostChecks are those of the kubelet's checks that look at the host they run on; here the described one stands for it.
//
// Reproduced from pkg/kubelet/apis/config/validation/validation_linux.go, cmd/kubelet/app/server.go (run) and
// pkg/kubelet/cm/container_manager_linux.go (NewContainerManager).
func hostChecks(configuration *kubeletconfig.KubeletConfiguration, host machine) error {
	if host.Cgroup == "v1" {
		if configuration.FailCgroupV1 {
			return fmt.Errorf("failCgroupV1 on a host with cgroup v1")
		}
		if configuration.SingleProcessOOMKill != nil && !*configuration.SingleProcessOOMKill {
			return fmt.Errorf("singleProcessOOMKill false on a host with cgroup v1")
		}
		if configuration.MemorySwap.SwapBehavior == "LimitedSwap" {
			return fmt.Errorf("LimitedSwap on a host with cgroup v1")
		}
	}
	if host.Swap && configuration.FailSwapOn {
		return fmt.Errorf("failSwapOn on a host with swap")
	}
	return nil
}

// validate is the kubelet's own validation, with the two fields out of its sight that it would judge by this host.
func validate(configuration *kubeletconfig.KubeletConfiguration) error {
	unhosted := configuration.DeepCopy()
	unhosted.FailCgroupV1 = false
	unhosted.SingleProcessOOMKill = nil
	return validation.ValidateKubeletConfiguration(unhosted, utilfeature.DefaultFeatureGate)
}

// resetGates forgets every gate that was set: one that is set to its default would not follow AllAlpha or AllBeta.
func resetGates() {
	for name := range original.GetAll() {
		if err := utilfeature.DefaultMutableFeatureGate.ResetFeatureValueToDefault(name); err != nil {
			panic(err)
		}
	}
}
