import { readFileSync } from 'fs';
import { join } from 'path';
import { Validator } from 'jsonschema';
import { parseAllDocuments } from 'yaml';

type Json = { [key: string]: any };

const VALIDATOR = new Validator();

/**
 * What an API server with the CRDs of a file refuses or drops of some objects, sentence by sentence.
 *
 * @param file a file in `crds/`
 */
export function crdProblems(file: string, objects: readonly any[]): string[] {
  const crds = parseAllDocuments(readFileSync(join(__dirname, 'crds', file), 'utf-8')).map(document => document.toJS());
  return objects.flatMap(object => {
    const schema = crds.filter(({ spec }) => spec.names.kind === object.kind).flatMap(({ spec }) => spec.versions
      .filter(({ name }: Json) => object.apiVersion === `${spec.group}/${name}`).map((version: Json) => strict(version.schema.openAPIV3Schema)))[0];
    const subject = `${object.kind} '${object.metadata?.name}'`;
    return schema ? VALIDATOR.validate(object, schema).errors.map(error => `${subject}: ${error.stack}`) : [`${subject}: no CRD has the kind of version ${object.apiVersion}`];
  });
}

/** An API server drops the fields that a CRD does not list; here they are refused. */
function strict(schema: Json): Json {
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] || !schema.properties;
  return {
    ...schema,
    ...!isOpen && { additionalProperties: false },
    ...schema.properties && { properties: Object.fromEntries(Object.entries<Json>(schema.properties).map(([key, child]) => [key, strict(child)])) },
    ...schema.items && { items: strict(schema.items) },
  };
}
