// Reads NUL-separated YAML documents from standard input and prints each as a line of JSON, as kubectl,
// kustomize, istioctl and Helm read it; for a document that is not valid, it prints the error as a JSON string
// after "error: ".
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"sigs.k8s.io/yaml"
)

func main() {
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		panic(err)
	}
	output := bufio.NewWriter(os.Stdout)
	defer output.Flush()
	for _, document := range bytes.Split(input, []byte{0}) {
		text, err := yaml.YAMLToJSON(document)
		if err != nil {
			text, _ = json.Marshal("error: " + err.Error())
		}
		fmt.Fprintf(output, "%s\n", text)
	}
}
