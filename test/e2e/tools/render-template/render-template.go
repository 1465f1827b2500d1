// Renders a template as External Secrets' engine v2 does: text/template with Sprig, the values decoded, and no key that is missing.
//
// Reads {"template": "…", "data": {"key": "base64, as in a Secret"}} and prints the rendering.
package main

import (
	"encoding/json"
	"log"
	"os"
	"text/template"

	"github.com/Masterminds/sprig/v3"
)

func main() {
	var input struct {
		Template string
		Data     map[string][]byte
	}
	if err := json.NewDecoder(os.Stdin).Decode(&input); err != nil {
		log.Fatal(err)
	}
	values := make(map[string]string, len(input.Data))
	for key, value := range input.Data {
		values[key] = string(value)
	}
	functions := sprig.TxtFuncMap()
	delete(functions, "env") // what the operator itself runs with is nobody's business
	delete(functions, "expandenv")
	parsed, err := template.New("template").Option("missingkey=error").Funcs(functions).Parse(input.Template)
	if err != nil {
		log.Fatal(err)
	}
	if err := parsed.Execute(os.Stdout, values); err != nil {
		log.Fatal(err)
	}
}
