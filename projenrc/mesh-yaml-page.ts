/** Generates docs/reference/mesh-yaml.md from the schema of mesh.yaml and from the docstrings of its properties. */
import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { assembly, innermost, istioPage, ROOT, structProperties } from './assembly';
import type { Json } from './crd-schema';
import { code, table } from './markdown';

const schema: Json = JSON.parse(readFileSync(join(ROOT, 'src', 'mesh.schema.json'), 'utf-8'));
/** The type of clusters; the first table describes it and the mesh, so that it has no section. */
const CLUSTER = 'ClusterProps';
const atMesh: Json = schema.properties;
const atCluster: Json = schema.$defs[CLUSTER].properties;
const required: string[] = [...schema.required, ...schema.$defs[CLUSTER].required];
const keys = [...new Set([...required, ...Object.keys(atMesh), ...Object.keys(atCluster)])];

const typeNamed = (name: string): Json | undefined => assembly.types[`${assembly.name}.${name}`];
const isProvider = (name: string): boolean => schema.$defs[name].anyOf !== undefined;

/** Name of the library's own type of a key, also in a list or as a value of a map. */
function ownName(at: Json): string | undefined {
  const name: string | undefined = at.$ref?.replace('#/$defs/', '');
  const element = at.items ?? at.additionalProperties;
  return name ? typeNamed(name) && name : element && ownName(element);
}

/** A provider in the file: its kind, or a map of its kind and an argument. */
interface Form {
  readonly kind: string;
  readonly argument?: Json;
}

function forms(provider: string): Form[] {
  return schema.$defs[provider].anyOf.map((form: Json) => {
    const kind: string = form.const ?? form.required[0];
    return { kind, argument: form.properties?.[kind] };
  });
}

/**
 * Providers, and structs that are not part of another one, each with its places. Its section is at the first of them.
 */
const places = new Map<string, string[]>();

function find(at: Json, key: string, isInStruct = false): void {
  const name = ownName(at);
  if (!name || name === CLUSTER || schema.$defs[name].enum) {
    return;
  }
  const path = key + around(at);
  if (places.has(name)) {
    places.get(name)!.push(path);
    return;
  }
  if (isProvider(name) || !isInStruct) {
    places.set(name, [path]);
  }
  if (isProvider(name)) {
    forms(name).forEach(({ kind, argument }) => argument && find(argument, `${path}.${kind}`));
  } else {
    Object.entries<Json>(schema.$defs[name].properties)
      .forEach(([below, schemaBelow]) => find(schemaBelow, `${path}.${below}`, true));
  }
}

keys.forEach(key => find(atMesh[key] ?? atCluster[key], key));

function around({ items, additionalProperties }: Json): string {
  return items ? '[]' : additionalProperties ? '.*' : '';
}

/** Text with a link to the section of a type, if it has one. */
function linked(text: string, name: string | undefined): string {
  const place = name && places.get(name)?.[0];
  return place ? `[${text}](#${place.toLowerCase().replace(/[^a-z0-9]/g, '')})` : text;
}

function formText(provider: string, { kind, argument }: Form): string {
  return argument ? `{${kind}: ${argumentText(provider, kind, argument)}}` : kind;
}

/** The argument of a form: values of the user are in capitals, and structs show only their required keys. */
function argumentText(provider: string, kind: string, argument: Json): string {
  const name = ownName(argument);
  if (name) {
    const { required: needed = [] } = schema.$defs[name];
    return isProvider(name) ? formText(name, forms(name)[0])
      : `{${needed.map((key: string) => `${key}: …`).join(', ') || '…'}}`;
  }
  return argument.additionalProperties ? '{KEY: VALUE}' : methodOf(provider, kind).parameters[0].name.toUpperCase();
}

function methodOf(provider: string, kind: string): Json {
  return typeNamed(provider)!.methods.find(({ name }: Json) => name === kind);
}

/** The first two sentences of a docstring, then more text; API.md has the rest. */
function description({ docs: { summary, remarks = '', see }, type }: Json, more: string = ''): string {
  const isInType = type && see === istioPage(innermost(type).fqn ?? '');
  const sentences = inFile(`${summary} ${remarks}`.trim().replace(/\s+/g, ' ')).split(/(?<=(?<!e\.g)\.) /);
  return [...sentences.slice(0, 2), more, see && !isInType && `[More](${see})`].filter(Boolean).join(' ');
}

function providerTable(provider: string): string[] {
  const names = [...new Set(forms(provider).map(({ kind }) => kind))];
  return table(['form', ''], names.map(name => {
    const method = methodOf(provider, name);
    const ofKind = forms(provider).filter(({ kind }) => kind === name);
    const written = ofKind.map(form => linked(code(formText(provider, form)), ownName(form.argument ?? {})));
    return [written.join(' or '), description(method, sentence(method.parameters?.[0].docs))];
  }));
}

function sentence({ summary = '', remarks = '' }: Json = {}): string {
  const text = [summary, remarks].filter(Boolean).join(' ');
  return text && inFile(`${text[0].toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`);
}

/** A docstring in the terms of the file: `TokenSlot.BLUE` is `blue`, and paths start at the file. */
function inFile(text: string): string {
  const ofFile = text.replace(', or to the working directory if the mesh is defined in code', '');
  return ofFile.replace(/\b([A-Z]\w+)\.(\w+)(?:\(\))?/g, (all, name: string, member: string) => {
    const { enum: values, anyOf } = schema.$defs[name] ?? {};
    const isForm = anyOf && forms(name).some(form => form.kind === member);
    return values ? values[typeNamed(name)!.members.findIndex((one: Json) => one.name === member)] : isForm ? member
      : all;
  });
}

function defaultCell(text: string = ''): string {
  const [, value, more] = /^(.*?)(?:(?:^| )- (.*))?$/s.exec(text)!;
  return [value && code(inFile(value).replace(/^'(.*)'$/, '$1')), more].filter(Boolean).join(': ');
}

function typeCell(at: Json, { type }: Json): string {
  const name = ownName(at);
  const many = at.items ? 'list of ' : at.additionalProperties ? 'map of ' : '';
  const plural = many && 's';
  const { fqn = '' } = innermost(type);
  if (fqn.startsWith(`${assembly.name}.istio.`)) {
    return `[${many}Istio's map${plural}](${istioPage(fqn)})`;
  }
  if (!name) {
    return `${many}${(at.items ?? at.additionalProperties ?? at).type}${plural}`;
  }
  const choice: string[] | undefined = schema.$defs[name].enum
    ?? (isProvider(name) ? forms(name).map(({ kind }) => kind) : undefined);
  return linked(many + (choice ? [...new Set(choice)].map(code).join(', ') : `map${plural}`), name);
}

function row(key: string, at: Json, isRequired: boolean, property: Json): string[] {
  return [`${code(key)}${isRequired ? ' (required)' : ''}`, typeCell(at, property), defaultCell(property.docs.default),
    description(property, enumText(ownName(at)))];
}

/** The meaning of the values of an enum, if it is not the same as their names. */
function enumText(name: string | undefined): string {
  const values: string[] = (name && schema.$defs[name].enum) ?? [];
  const texts = values.map((value, i): [string, string] => [value, typeNamed(name!)!.members[i].docs.summary]);
  return texts.filter(([value, text]) => text.toLowerCase() !== `${value}.`)
    .map(([value, text]) => `${code(value)}: ${text}`).join(' ');
}

function propertyOf(struct: string, key: string): Json {
  return structProperties(typeNamed(struct)!).find(({ name }) => name === key)!;
}

/** The keys of a struct, and below each key those of the struct in it. */
function rows(struct: string, path: string = ''): string[][] {
  const { properties, required: needed = [] } = schema.$defs[struct];
  return Object.entries<Json>(properties).flatMap(([key, at]) => {
    const below = ownName(at);
    return [
      row(path + key, at, needed.includes(key), propertyOf(struct, key)),
      ...below && schema.$defs[below].properties && !places.has(below) ? rows(below, `${path}${key}${around(at)}.`)
        : [],
    ];
  });
}

function section([name, [path, ...others]]: [string, string[]]): string[] {
  return [
    '', `${path.includes('.') ? '###' : '##'} ${code(path)}`, '', description(typeNamed(name)!),
    ...others.length > 0 ? ['', `${others.map(code).join(', ')} ${others.length > 1 ? 'have' : 'has'} the same form.`]
      : [],
    ...isProvider(name) ? providerTable(name) : table(['key', 'type', 'default', ''], rows(name)),
  ];
}

/** All keys of the mesh and of a cluster, the required ones first. */
function firstTable(): string[] {
  return table(['key', 'where', 'type', 'default', ''], keys.map(key => {
    const property = propertyOf(key in atMesh ? 'MeshProps' : CLUSTER, key);
    const [name, ...cells] = row(key, atMesh[key] ?? atCluster[key], required.includes(key), property);
    return [name, !(key in atCluster) ? 'mesh' : !(key in atMesh) ? 'cluster' : 'both', ...cells];
  }));
}

writeFileSync(join(ROOT, 'docs', 'reference', 'mesh-yaml.md'), `# mesh.yaml

<!-- Generated by projenrc/mesh-yaml-page.ts from src/mesh.schema.json and docstrings. Do not edit. -->

The file that defines a mesh. \`istio-mesh synth\` generates manifests from it, and \`istio-mesh check\` validates it. A
program [has the same keys](../how-to/write-a-mesh-in-typescript.md); [the API](../../API.md) describes them in detail.

\`\`\`yaml
# yaml-language-server: $schema=node_modules/cdk8s-istio-mesh/lib/src/mesh.schema.json
meshID: mesh1
istioVersion: 1.31.0
apiServer: https://$(cluster).example.com:6443
trust: {pem: certs}
eastWestGateway:
  loadBalancer: {aws: {internal: true}}
clusters:
- name: cluster1
  network: network1
- name: cluster2
  network: network2
  eastWestGateway:
    autoscaling: {minReplicas: 2} # in addition to the mesh's load balancer
- name: cluster3
  network: network3
  eastWestGateway:
    loadBalancer: gke # replaces that of the mesh
\`\`\`

- **The first line** is for editors with the YAML language server: they complete keys and explain them. Its path is
  relative to the file.
- **Settings merge.** A setting on the mesh applies to all clusters, one on a cluster only to that cluster. Maps merge
  key by key; a list replaces the whole list, and a form the whole form.
- **\`$(cluster)\`** in a string is replaced with the name of the cluster, so that a setting on the mesh differs for each
  cluster. It is not replaced in keys.
- **Quotes.** The file is YAML 1.1, in which \`no\`, \`007\` and \`1.30\` are not strings. If a value must be a string, quote
  them: \`network: '007'\`, \`compatibilityVersion: '1.30'\`. \`1.31.0\` is a string without quotes.
- **Unknown keys** are rejected, also in Istio's own settings (\`values\`, \`meshConfig\`, \`components\`), which have
  Istio's schema and spelling.
- **Forms.** A choice is one word (\`gke\`), or a map with that word and its argument (\`{gke: {internal: true}}\`). Words
  in capitals are placeholders.

## Keys

A key belongs to the mesh, to a cluster (an entry of \`clusters\`), or to both. Below, \`a.b\` is the key \`b\` in the map
\`a\`, and \`a[].b\` the key \`b\` in each map of the list \`a\`.
${firstTable().join('\n')}
${[...places].flatMap(section).join('\n')}
`);
