import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { Application, AppProject } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1';
import { Kustomization } from '@kubernetes-models/flux-cd/kustomize.toolkit.fluxcd.io/v1';
import { GitRepository } from '@kubernetes-models/flux-cd/source.toolkit.fluxcd.io/v1';
import { Validator } from 'jsonschema';
import { parseAllDocuments } from 'yaml';

type Json = { [key: string]: any };

const VALIDATOR = new Validator();
const CRDS = join(__dirname, '..', 'crds');

/** Compiled validators, of other releases than the CRDs here, which let unknown fields pass. */
const MODELS: { readonly [kind: string]: new (object: any) => { validate(): void } } = {
  'argoproj.io/v1alpha1 Application': Application,
  'argoproj.io/v1alpha1 AppProject': AppProject,
  'kustomize.toolkit.fluxcd.io/v1 Kustomization': Kustomization,
  'source.toolkit.fluxcd.io/v1 GitRepository': GitRepository,
};

/**
 * What is wrong with some objects of kinds that Kubernetes itself has not, sentence by sentence: by the CRDs in
 * `crds/`, and by the compiled
 * validators of those kinds that have one.
 */
export function judge(...objects: readonly any[]): string[] {
  return objects.flatMap(object => {
    const files = readdirSync(CRDS)
      .filter(file => crdsOf(file).some(({ spec }) => spec.group === group(object) && spec.names.kind === object.kind));
    return files.length === 0 ? [`${told(object)}: no CRD has the kind of version ${object.apiVersion}`] : [
      ...files.flatMap(file => crdProblems(file, [object])),
      ...modelProblems(object),
    ];
  });
}

/**
 * What an API server with the CRDs of a file refuses or drops of some objects, sentence by sentence.
 *
 * @param file a file in `crds/`
 */
export function crdProblems(file: string, objects: readonly any[]): string[] {
  return objects.flatMap(object => {
    const schema = crdsOf(file).filter(({ spec }) => spec.names.kind === object.kind)
      .flatMap(({ spec }) => spec.versions
        .filter(({ name }: Json) => object.apiVersion === `${spec.group}/${name}`)
        .map((version: Json) => strict(version.schema.openAPIV3Schema)))[0];
    return schema
      ? VALIDATOR.validate(object, schema).errors.map(error => `${told(object)}: ${error.stack}`)
      : [`${told(object)}: no CRD has the kind of version ${object.apiVersion}`];
  });
}

function modelProblems(object: any): string[] {
  const Model = MODELS[`${object.apiVersion} ${object.kind}`];
  try {
    Model && new Model(object).validate();
    return [];
  } catch (error) {
    return [`${told(object)}: ${(error as Error).message}`];
  }
}

const READ = new Map<string, readonly Json[]>();

/** The CRDs of a file, read once. */
function crdsOf(file: string): readonly Json[] {
  const crds = READ.get(file)
    ?? parseAllDocuments(readFileSync(join(CRDS, file), 'utf-8')).map(document => document.toJS());
  READ.set(file, crds);
  return crds;
}

function group({ apiVersion }: Json): string {
  return apiVersion.split('/')[0];
}

function told({ kind, metadata }: Json): string {
  return `${kind} '${metadata?.name}'`;
}

/** An API server drops the fields that a CRD does not list; here they are refused. */
function strict(schema: Json): Json {
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] || schema['x-kubernetes-int-or-string']
    || !schema.properties;
  const { properties, items, additionalProperties } = schema;
  return {
    ...schema,
    ...!isOpen && { additionalProperties: false },
    ...properties && {
      properties: Object.fromEntries(Object.entries<Json>(properties).map(([key, child]) => [key, strict(child)])),
    },
    ...items && { items: strict(items) },
    ...typeof additionalProperties === 'object' && { additionalProperties: strict(additionalProperties) },
  };
}
