package main

import (
	"encoding/json"
	"io"
	"reflect"
	"sort"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	kubeletv1beta1 "k8s.io/kubelet/config/v1beta1"
	_ "k8s.io/kubernetes/cmd/kubelet/app/options" // registers the gates of the kubelet's own command line
	kubeletscheme "k8s.io/kubernetes/pkg/kubelet/apis/config/scheme"
)

type field struct {
	Path   string `json:"path"`
	Kind   string `json:"kind"`
	GoType string `json:"go_type"`
}

// printFields walks the type by reflection, so that what it prints is what the decoder looks for.
func printFields(_ []string, _ io.Reader, out io.Writer) error {
	encoder := json.NewEncoder(out)
	for _, found := range fieldsOf(reflect.TypeOf(kubeletv1beta1.KubeletConfiguration{}), "") {
		if err := encoder.Encode(found); err != nil {
			return err
		}
	}
	return nil
}

func fieldsOf(structure reflect.Type, prefix string) []field {
	var found []field
	for index := range structure.NumField() {
		member := structure.Field(index)
		name, options, _ := strings.Cut(member.Tag.Get("json"), ",")
		if name == "" && (member.Anonymous || strings.Contains(options, "inline")) {
			found = append(found, fieldsOf(member.Type, prefix)...)
			continue
		}
		if name == "" || name == "-" {
			continue
		}
		found = append(found, fieldsAt(member.Type, prefix+name)...)
	}
	sort.SliceStable(found, func(one, other int) bool { return found[one].Path < found[other].Path })
	return found
}

func fieldsAt(kind reflect.Type, path string) []field {
	goType := kind.String()
	if kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	leaf := func(words string) []field { return []field{{path, words, goType}} }
	switch kind {
	case reflect.TypeOf(metav1.Duration{}):
		return leaf("a duration such as 10s")
	case reflect.TypeOf(metav1.Time{}):
		return leaf("a time")
	case reflect.TypeOf(resource.Quantity{}), reflect.TypeOf(resource.QuantityValue{}):
		return leaf("a quantity such as 10Mi")
	}
	if kind.PkgPath() == "k8s.io/component-base/logs/api/v1" {
		switch kind.Name() {
		case "VModuleConfiguration":
			return append(leaf("a list of objects"), fieldsOf(kind.Elem(), path+"[].")...)
		case "TimeOrMetaDuration":
			return leaf("a duration or nanoseconds")
		}
	}
	switch kind.Kind() {
	case reflect.Bool:
		return leaf("true or false")
	case reflect.Int32, reflect.Uint32, reflect.Int64, reflect.Int, reflect.Uint16, reflect.Uint64:
		return leaf("a whole number")
	case reflect.Float64:
		return leaf("a number")
	case reflect.String:
		return leaf("text")
	case reflect.Struct:
		return append(leaf("an object"), fieldsOf(kind, path+".")...)
	case reflect.Slice:
		switch kind.Elem().Kind() {
		case reflect.String:
			return leaf("a list of text")
		case reflect.Int32, reflect.Int64:
			return leaf("a list of whole numbers")
		case reflect.Struct:
			return append(leaf("a list of objects"), fieldsOf(kind.Elem(), path+"[].")...)
		}
	case reflect.Map:
		switch kind.Elem().Kind() {
		case reflect.String:
			return leaf("a map of text")
		case reflect.Bool:
			return leaf("a map of true or false")
		case reflect.Slice:
			return leaf("a map of lists of text")
		case reflect.Struct:
			if kind.Elem() == reflect.TypeOf(resource.Quantity{}) {
				return leaf("a map of quantities")
			}
		}
	}
	return leaf("unknown: " + kind.String())
}

func printDefaults(_ []string, _ io.Reader, out io.Writer) error {
	scheme, _, err := kubeletscheme.NewSchemeAndCodecs()
	if err != nil {
		return err
	}
	configuration := &kubeletv1beta1.KubeletConfiguration{}
	scheme.Default(configuration)
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(configuration)
}

type gate struct {
	Name    string `json:"name"`
	Default bool   `json:"default"`
	Locked  bool   `json:"locked"`
	Stage   string `json:"stage"`
}

func printGates(_ []string, _ io.Reader, out io.Writer) error {
	all := utilfeature.DefaultMutableFeatureGate.GetAll()
	gates := make([]gate, 0, len(all))
	for name, spec := range all {
		stage := strings.ToLower(string(spec.PreRelease))
		if stage == "" {
			stage = "ga"
		}
		gates = append(gates, gate{string(name), spec.Default, spec.LockToDefault, stage})
	}
	sort.Slice(gates, func(one, other int) bool { return gates[one].Name < gates[other].Name })
	encoder := json.NewEncoder(out)
	for _, found := range gates {
		if err := encoder.Encode(found); err != nil {
			return err
		}
	}
	return nil
}
