package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/operator/pkg/apis"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// goForms are the Go types whose JSON form their fields do not show.
var goForms = map[reflect.Type]func() map[string]any{
	reflect.TypeFor[apis.BoolValue]():     func() map[string]any { return scalar("boolean") },
	reflect.TypeFor[intstr.IntOrString](): intOrString,
	reflect.TypeFor[resource.Quantity]():  intOrString,
	reflect.TypeFor[metav1.Time]():        func() map[string]any { return scalar("string") },
	reflect.TypeFor[metav1.FieldsV1]():    func() map[string]any { return mapOf(free()) },
}

// openField gives the schema of a field of IstioOperator that its Go type leaves open, or hands on to a proto.
func openField(name string) map[string]any {
	switch name {
	case "meshConfig":
		return protoSchema(&meshconfig.MeshConfig{})
	case "values":
		return protoSchema(&apis.Values{})
	case "unvalidatedValues":
		return mapOf(free())
	case "tag": // Istio takes numbers too, but YAML reads 1.30 as 1.3
		return scalar("string")
	case "value": // of an overlay's patch
		return free()
	default:
		panic("no schema for the open field " + name)
	}
}

// goSchema gives the schema of a Go type, as encoding/json reads it. outer are the types around it: a type inside itself is
// cut there, since a CRD has no references.
func goSchema(t reflect.Type, outer []reflect.Type) map[string]any {
	if form, ok := goForms[t]; ok {
		return form()
	}
	if t.Kind() != reflect.Pointer && reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		panic(fmt.Sprintf("%s reads JSON in its own way: add it to goForms", t))
	}
	switch t.Kind() {
	case reflect.Pointer:
		return goSchema(t.Elem(), outer)
	case reflect.String:
		return scalar("string")
	case reflect.Bool:
		return scalar("boolean")
	case reflect.Int, reflect.Int32, reflect.Int64:
		return scalar("integer")
	case reflect.Uint32:
		return unsigned()
	case reflect.Slice:
		return list(goSchema(t.Elem(), outer))
	case reflect.Map:
		return mapOf(goSchema(t.Elem(), outer))
	case reflect.Struct:
		if slices.Contains(outer, t) {
			return free()
		}
		properties := map[string]any{}
		addFields(properties, t, append(slices.Clone(outer), t))
		return structure(properties)
	default:
		panic(fmt.Sprintf("no schema for the Go type %s", t))
	}
}

// addFields adds the fields of a struct under their JSON names, those of embedded structs among them.
func addFields(properties map[string]any, t reflect.Type, outer []reflect.Type) {
	for i := range t.NumField() {
		field := t.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case name == "-":
		case name == "" && field.Anonymous:
			addFields(properties, field.Type, outer)
		case field.Type.Kind() == reflect.Interface || field.Type == reflect.TypeFor[json.RawMessage]():
			properties[name] = openField(name)
		default:
			properties[name] = goSchema(field.Type, outer)
		}
	}
}
