package main

import (
	"context"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	cliflag "k8s.io/component-base/cli/flag"
	criutil "k8s.io/cri-client/pkg/util"
	"k8s.io/klog/v2"
	kubeletconfig "k8s.io/kubernetes/pkg/kubelet/apis/config"
	"k8s.io/kubernetes/pkg/kubelet/logs"
	"k8s.io/kubernetes/pkg/kubelet/sysctl"
	"k8s.io/kubernetes/pkg/kubelet/userns"
)

// endpoints are dialled before anything else is made, so a scheme that cannot be dialled ends the kubelet there.
func endpoints(configuration *kubeletconfig.KubeletConfiguration) error {
	for _, endpoint := range []string{configuration.ContainerRuntimeEndpoint, configuration.ImageServiceEndpoint} {
		if endpoint == "" {
			continue
		}
		if _, _, err := criutil.GetAddressAndDialer(endpoint); err != nil {
			return err
		}
	}
	return nil
}

// late is what NewMainKubelet, the authorizer and the TLS options refuse.
//
// The first three are reproduced from pkg/kubelet/kubelet.go (NewMainKubelet) and cmd/kubelet/app/auth.go (BuildAuthz):
// what refuses them needs a cluster.
func late(configuration *kubeletconfig.KubeletConfiguration) (string, error) {
	if configuration.SyncFrequency.Duration <= 0 {
		return "sync-frequency", fmt.Errorf("invalid sync frequency %d", configuration.SyncFrequency.Duration)
	}
	switch configuration.ConfigMapAndSecretChangeDetectionStrategy {
	case kubeletconfig.WatchChangeDetectionStrategy, kubeletconfig.TTLCacheChangeDetectionStrategy,
		kubeletconfig.GetChangeDetectionStrategy:
	default:
		return "change-detection", fmt.Errorf("unknown configmap and secret manager mode: %v",
			configuration.ConfigMapAndSecretChangeDetectionStrategy)
	}
	switch configuration.Authorization.Mode {
	case kubeletconfig.KubeletAuthorizationModeAlwaysAllow, kubeletconfig.KubeletAuthorizationModeWebhook:
	default:
		return "authorization", fmt.Errorf("unknown authorization mode %s", configuration.Authorization.Mode)
	}
	if _, err := cliflag.TLSCipherSuites(configuration.TLSCipherSuites); err != nil {
		return "tls", err
	}
	if _, err := cliflag.TLSVersion(configuration.TLSMinVersion); err != nil {
		return "tls", err
	}
	if _, err := cliflag.TLSCurvePreferences(configuration.TLSCurvePreferences); err != nil {
		return "tls", err
	}
	if _, err := logs.NewContainerLogManager(nil, nil, configuration.ContainerLogMaxSize,
		int(configuration.ContainerLogMaxFiles), int(configuration.ContainerLogMaxWorkers),
		metav1.Duration{Duration: configuration.ContainerLogMonitorInterval.Duration}); err != nil {
		return "container-logs", err
	}
	safe := sysctl.SafeSysctlAllowlist(context.Background())
	if _, err := sysctl.NewAllowlist(append(safe, configuration.AllowedUnsafeSysctls...)); err != nil {
		return "sysctls", err
	}
	var ids *int64
	if configuration.UserNamespaces != nil {
		ids = configuration.UserNamespaces.IDsPerPod
	}
	if _, err := userns.MakeUserNsManager(klog.Background(), emptyNode{pods: int(configuration.MaxPods)}, ids); err != nil {
		return "user-namespaces", err
	}
	return "", nil
}

// emptyNode is a node without pods and without a user `kubelet`, so with the default range of IDs
// (pkg/kubelet/kubelet_pods.go getKubeletMappings).
type emptyNode struct {
	pods int
}

func (emptyNode) HandlerSupportsUserNamespaces(string) (bool, error) { return true, nil }

func (emptyNode) GetPodDir(types.UID) string { return "" }

func (emptyNode) ListPodsFromDisk() ([]types.UID, error) { return nil, nil }

func (emptyNode) GetKubeletMappings(_ klog.Logger, perPod uint32) (uint32, uint32, error) {
	if perPod == 0 {
		return 0, 0, fmt.Errorf("no IDs per pod")
	}
	return perPod, uint32((1 << 32) - uint64(perPod)), nil
}

func (n emptyNode) GetMaxPods() int { return n.pods }
