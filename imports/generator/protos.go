package main

import (
	"fmt"
	"reflect"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	meshconfig "istio.io/api/mesh/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// protoForms are the messages that JSON does not write as an object of their fields.
var protoForms = map[protoreflect.FullName]func() map[string]any{
	"google.protobuf.BoolValue":           func() map[string]any { return scalar("boolean") },
	"google.protobuf.Duration":            func() map[string]any { return scalar("string") },
	"google.protobuf.DoubleValue":         func() map[string]any { return scalar("number") },
	"google.protobuf.Int32Value":          func() map[string]any { return scalar("integer") },
	"google.protobuf.Int64Value":          func() map[string]any { return scalar("integer") },
	"google.protobuf.StringValue":         func() map[string]any { return scalar("string") },
	"google.protobuf.Struct":              func() map[string]any { return mapOf(free()) },
	"google.protobuf.UInt32Value":         unsigned,
	"google.protobuf.Value":               free,
	"istio.operator.v1alpha1.IntOrString": intOrString,
}

// valuesForms are the fields of `values` that their proto leaves open and istioctl does not: it decodes them strictly into
// these types (operator/pkg/apis/validation). A tag may be a number there, but YAML reads 1.30 as 1.3.
var valuesForms = map[protoreflect.FullName]reflect.Type{
	"istio.operator.v1alpha1.CNIConfig.affinity":                                    reflect.TypeFor[corev1.Affinity](),
	"istio.operator.v1alpha1.CNIConfig.seccompProfile":                              reflect.TypeFor[corev1.SeccompProfile](),
	"istio.operator.v1alpha1.CNIConfig.tag":                                         reflect.TypeFor[string](),
	"istio.operator.v1alpha1.CNIRepairConfig.tag":                                   reflect.TypeFor[string](),
	"istio.operator.v1alpha1.EgressGatewayConfig.podAntiAffinityLabelSelector":      reflect.TypeFor[metav1.LabelSelector](),
	"istio.operator.v1alpha1.EgressGatewayConfig.podAntiAffinityTermLabelSelector":  reflect.TypeFor[metav1.LabelSelector](),
	"istio.operator.v1alpha1.EgressGatewayConfig.tolerations":                       reflect.TypeFor[corev1.Toleration](),
	"istio.operator.v1alpha1.GlobalConfig.defaultTolerations":                       reflect.TypeFor[corev1.Toleration](),
	"istio.operator.v1alpha1.GlobalConfig.tag":                                      reflect.TypeFor[string](),
	"istio.operator.v1alpha1.IngressGatewayConfig.podAntiAffinityLabelSelector":     reflect.TypeFor[metav1.LabelSelector](),
	"istio.operator.v1alpha1.IngressGatewayConfig.podAntiAffinityTermLabelSelector": reflect.TypeFor[metav1.LabelSelector](),
	"istio.operator.v1alpha1.IngressGatewayConfig.tolerations":                      reflect.TypeFor[corev1.Toleration](),
	"istio.operator.v1alpha1.PilotConfig.affinity":                                  reflect.TypeFor[corev1.Affinity](),
	"istio.operator.v1alpha1.PilotConfig.seccompProfile":                            reflect.TypeFor[corev1.SeccompProfile](),
	"istio.operator.v1alpha1.PilotConfig.tag":                                       reflect.TypeFor[string](),
	"istio.operator.v1alpha1.PilotConfig.tolerations":                               reflect.TypeFor[corev1.Toleration](),
	"istio.operator.v1alpha1.PilotConfig.topologySpreadConstraints":                 reflect.TypeFor[corev1.TopologySpreadConstraint](),
	"istio.operator.v1alpha1.PilotConfig.volumeMounts":                              reflect.TypeFor[corev1.VolumeMount](),
	"istio.operator.v1alpha1.PilotConfig.volumes":                                   reflect.TypeFor[corev1.Volume](),
	"istio.operator.v1alpha1.ProxyConfig.lifecycle":                                 reflect.TypeFor[corev1.Lifecycle](),
	"istio.operator.v1alpha1.ProxyConfig.seccompProfile":                            reflect.TypeFor[corev1.SeccompProfile](),
	"istio.operator.v1alpha1.SidecarInjectorConfig.alwaysInjectSelector":            reflect.TypeFor[metav1.LabelSelector](),
	"istio.operator.v1alpha1.SidecarInjectorConfig.neverInjectSelector":             reflect.TypeFor[metav1.LabelSelector](),
	"istio.operator.v1alpha1.WaypointConfig.affinity":                               reflect.TypeFor[corev1.Affinity](),
	"istio.operator.v1alpha1.WaypointConfig.nodeSelector":                           reflect.TypeFor[corev1.NodeSelector](),
	"istio.operator.v1alpha1.WaypointConfig.toleration":                             reflect.TypeFor[corev1.Toleration](),
	"istio.operator.v1alpha1.WaypointConfig.topologySpreadConstraints":              reflect.TypeFor[corev1.TopologySpreadConstraint](),
}

// valuesMeshConfig is typed as a free value, since istio.io/istio's protos do not import those of istio.io/api.
const valuesMeshConfig protoreflect.FullName = "istio.operator.v1alpha1.Values.meshConfig"

// protoSchema gives the schema of a message, as istioctl's JSON reader takes it.
func protoSchema(message proto.Message) map[string]any {
	return messageSchema(message.ProtoReflect().Descriptor(), nil)
}

func messageSchema(message protoreflect.MessageDescriptor, outer []protoreflect.FullName) map[string]any {
	name := message.FullName()
	if form, ok := protoForms[name]; ok {
		return form()
	}
	if slices.Contains(outer, name) {
		return free() // a message inside itself, and a CRD has no references
	}
	properties := map[string]any{}
	fields := message.Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		properties[field.JSONName()] = fieldSchema(field, append(slices.Clone(outer), name))
	}
	return structure(properties)
}

func fieldSchema(field protoreflect.FieldDescriptor, outer []protoreflect.FullName) map[string]any {
	switch {
	case field.IsMap():
		return mapOf(valueSchema(field.MapValue(), outer))
	case field.IsList():
		return list(valueSchema(field, outer))
	default:
		return valueSchema(field, outer)
	}
}

// valueSchema gives the schema of one value of a field, whether the field holds one, a list or a map of them.
func valueSchema(field protoreflect.FieldDescriptor, outer []protoreflect.FullName) map[string]any {
	if field.FullName() == valuesMeshConfig {
		return protoSchema(&meshconfig.MeshConfig{})
	}
	if t, ok := valuesForms[field.FullName()]; ok {
		return goSchema(t, nil)
	}
	switch field.Kind() {
	case protoreflect.StringKind:
		return scalar("string")
	case protoreflect.BoolKind:
		return scalar("boolean")
	case protoreflect.Int32Kind, protoreflect.Int64Kind:
		return scalar("integer")
	case protoreflect.Uint32Kind:
		return unsigned()
	case protoreflect.FloatKind, protoreflect.DoubleKind:
		return scalar("number")
	case protoreflect.EnumKind:
		return enumeration(field.Enum())
	case protoreflect.MessageKind:
		return messageSchema(field.Message(), outer)
	default:
		panic(fmt.Sprintf("no schema for the proto kind %s of %s", field.Kind(), field.FullName()))
	}
}

// enumeration lists an enum's names in the order of the proto.
func enumeration(enum protoreflect.EnumDescriptor) map[string]any {
	names := make([]any, enum.Values().Len())
	for i := range names {
		names[i] = string(enum.Values().Get(i).Name())
	}
	return map[string]any{"type": "string", "enum": names}
}
