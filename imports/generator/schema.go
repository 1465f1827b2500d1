package main

// The kinds of schema that both readers, of Go types and of protos, are built from. No field is ever required: an
// IstioOperator is a layer over a profile, so any part of it may be left to the layer below.

func scalar(name string) map[string]any { return map[string]any{"type": name} }

// free takes any value.
func free() map[string]any { return map[string]any{"x-kubernetes-preserve-unknown-fields": true} }

// intOrString takes both `8080` and `http`, both `2` and `500m`.
func intOrString() map[string]any { return map[string]any{"x-kubernetes-int-or-string": true} }

func unsigned() map[string]any { return map[string]any{"type": "integer", "minimum": 0} }

func list(item map[string]any) map[string]any { return map[string]any{"type": "array", "items": item} }

func mapOf(value map[string]any) map[string]any {
	return map[string]any{"type": "object", "additionalProperties": value}
}

func structure(properties map[string]any) map[string]any {
	return map[string]any{"type": "object", "properties": properties}
}
