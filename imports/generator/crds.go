package main

import (
	"fmt"
	"reflect"
	"strings"

	"istio.io/istio/manifests"
	"istio.io/istio/operator/pkg/apis"
	"sigs.k8s.io/yaml"
)

// istioOperatorCRD wraps the schema of an IstioOperator in a CRD, the form in which `cdk8s import` takes one. No cluster is
// meant to serve it.
func istioOperatorCRD() map[string]any {
	gvk := apis.IstioOperatorGVK
	names := map[string]any{"kind": gvk.Kind, "plural": "istiooperators", "singular": "istiooperator"}
	return crd(gvk.Group, names, map[string]any{
		"name":    gvk.Version,
		"served":  true,
		"storage": true,
		"schema": map[string]any{"openAPIV3Schema": structure(map[string]any{
			"apiVersion": scalar("string"),
			"kind":       scalar("string"),
			"metadata":   scalar("object"),
			"spec":       goSchema(reflect.TypeFor[apis.IstioOperatorSpec](), nil),
		})},
	})
}

// gatewayCRD picks Gateway v1 out of the file with all of Istio's CRDs. `cdk8s import` wants one version per kind.
func gatewayCRD() (map[string]any, error) {
	const file, name, version = "charts/base/files/crd-all.gen.yaml", "gateways.networking.istio.io", "v1"
	text, err := manifests.FS.ReadFile(file)
	if err != nil {
		return nil, err
	}
	for _, document := range strings.Split(string(text), "\n---\n") {
		var source struct {
			Metadata struct{ Name string }
			Spec     struct {
				Group    string
				Names    map[string]any
				Versions []map[string]any
			}
		}
		if err := yaml.Unmarshal([]byte(document), &source); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if source.Metadata.Name != name {
			continue
		}
		for _, v := range source.Spec.Versions {
			if v["name"] == version {
				v["storage"] = true
				dropDescriptions(v["schema"])
				return crd(source.Spec.Group, source.Spec.Names, v), nil
			}
		}
	}
	return nil, fmt.Errorf("%s: no version %s of %s", file, version, name)
}

func crd(group string, names, version map[string]any) map[string]any {
	return map[string]any{
		"apiVersion": "apiextensions.k8s.io/v1",
		"kind":       "CustomResourceDefinition",
		"metadata":   map[string]any{"name": fmt.Sprintf("%s.%s", names["plural"], group)},
		"spec": map[string]any{
			"group":    group,
			"names":    names,
			"scope":    "Namespaced",
			"versions": []any{version},
		},
	}
}

// dropDescriptions removes the prose from a schema; a property that is called "description" is an object there, and stays.
func dropDescriptions(schema any) {
	switch node := schema.(type) {
	case map[string]any:
		if _, prose := node["description"].(string); prose {
			delete(node, "description")
		}
		for _, child := range node {
			dropDescriptions(child)
		}
	case []any:
		for _, child := range node {
			dropDescriptions(child)
		}
	}
}
