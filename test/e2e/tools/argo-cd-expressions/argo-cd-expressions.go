// Evaluates expressions with the engines that Argo CD has, set as Argo CD sets them: templates of ApplicationSets, expressions of
// ignoreDifferences, and scripts of health.
//
// Reads a list of {"template": "…", "value": …}, {"jq": "…", "value": …} and {"lua": "…", "value": …}, and prints the list of results.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strings"
	"text/template"
	"time"

	"github.com/Masterminds/sprig/v3"
	"github.com/itchyny/gojq"
	lua "github.com/yuin/gopher-lua"
)

type expression struct {
	Template *string
	Jq       *string
	Lua      *string
	Value    any
}

func main() {
	var expressions []expression
	if err := json.NewDecoder(os.Stdin).Decode(&expressions); err != nil {
		log.Fatal(err)
	}
	results := make([]any, 0, len(expressions))
	for _, e := range expressions {
		result, err := e.evaluate()
		if err != nil {
			log.Fatal(err)
		}
		results = append(results, result)
	}
	if err := json.NewEncoder(os.Stdout).Encode(results); err != nil {
		log.Fatal(err)
	}
}

func (e expression) evaluate() (any, error) {
	switch {
	case e.Template != nil:
		return rendered(*e.Template, e.Value)
	case e.Jq != nil:
		return without(*e.Jq, e.Value)
	default:
		return health(*e.Lua, e.Value)
	}
}

// The text of a template, of which no key may be missing.
func rendered(text string, value any) (string, error) {
	functions := sprig.TxtFuncMap()
	for _, name := range []string{"env", "expandenv", "getHostByName"} {
		delete(functions, name)
	}
	parsed, err := template.New("").Option("missingkey=error").Funcs(functions).Parse(text)
	if err != nil {
		return "", err
	}
	var output strings.Builder
	err = parsed.Execute(&output, value)
	return output.String(), err
}

// An object without what an expression finds.
func without(path string, value any) (any, error) {
	query, err := gojq.Parse(fmt.Sprintf("del(%s)", path))
	if err != nil {
		return nil, err
	}
	result, _ := query.Run(value).Next()
	if err, failed := result.(error); failed {
		return nil, err
	}
	return result, nil
}

// What a script says of an object, without the libraries of Lua but for tables.
func health(script string, object any) (any, error) {
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer state.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	state.SetContext(ctx)
	for name, open := range map[string]lua.LGFunction{lua.BaseLibName: lua.OpenBase, lua.TabLibName: lua.OpenTable} {
		state.Push(state.NewFunction(open))
		state.Push(lua.LString(name))
		state.Call(1, 0)
	}
	state.SetGlobal("obj", luaValue(state, object))
	if err := state.DoString(script); err != nil {
		return nil, err
	}
	table, isTable := state.Get(-1).(*lua.LTable)
	if !isTable {
		return nil, fmt.Errorf("the script gives no table")
	}
	fields := map[string]string{}
	table.ForEach(func(key, value lua.LValue) { fields[key.String()] = value.String() })
	return fields, nil
}

func luaValue(state *lua.LState, value any) lua.LValue {
	switch typed := value.(type) {
	case bool:
		return lua.LBool(typed)
	case float64:
		return lua.LNumber(typed)
	case string:
		return lua.LString(typed)
	case []any:
		table := state.CreateTable(len(typed), 0)
		for _, entry := range typed {
			table.Append(luaValue(state, entry))
		}
		return table
	case map[string]any:
		table := state.CreateTable(0, len(typed))
		for key, entry := range typed {
			table.RawSetString(key, luaValue(state, entry))
		}
		return table
	}
	return lua.LNil
}
