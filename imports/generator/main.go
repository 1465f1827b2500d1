// Command generator writes the two CRD files from which `cdk8s import` makes this package's types:
//
//	install.istio.io.crd.yaml     IstioOperator, its schema read off the Go types and protos that istioctl itself decodes into
//	networking.istio.io.crd.yaml  Gateway v1, from the CRDs that Istio ships
//
// Both carry names, types and enums, and no descriptions. Keys are sorted, so the same Istio version gives the same bytes.
package main

import (
	"log"
	"os"
	"path/filepath"

	"sigs.k8s.io/yaml"
)

const header = "# Made by imports/generate.sh. Do not edit.\n"

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: generator DIRECTORY")
	}
	gateway, err := gatewayCRD()
	if err != nil {
		log.Fatal(err)
	}
	write(filepath.Join(os.Args[1], "install.istio.io.crd.yaml"), istioOperatorCRD())
	write(filepath.Join(os.Args[1], "networking.istio.io.crd.yaml"), gateway)
}

func write(path string, crd map[string]any) {
	text, err := yaml.Marshal(crd)
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(path, append([]byte(header), text...), 0o644); err != nil {
		log.Fatal(err)
	}
}
