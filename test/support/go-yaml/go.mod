module cdk8s-istio-mesh/test/support/go-yaml

go 1.26.0

// The YAML reader of kubectl, kustomize, istioctl and Helm; the version is set only here.
require sigs.k8s.io/yaml v1.6.0

require go.yaml.in/yaml/v2 v2.4.2 // indirect
