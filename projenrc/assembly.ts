/** The description of the compiled library, .jsii, from which pages and the schema are generated. */
import { readFileSync } from 'fs';
import { join } from 'path';
import type { Json } from './crd-schema';

export const ROOT = join(__dirname, '..');

export const assembly: Json = JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf-8'));

/** Istio's pages about the imported types. */
export const REFERENCE = 'https://istio.io/latest/docs/reference/config';

/** Istio's page of an imported type. */
export function istioPage(fqn: string): string {
  const page = fqn.startsWith(`${assembly.name}.istio.IstioOperatorSpecMeshConfig`) ? 'istio.mesh.v1alpha1'
    : 'istio.operator.v1alpha1';
  return `${REFERENCE}/${page}/`;
}

export function innermost(type: Json): Json {
  return type.collection ? innermost(type.collection.elementtype) : type;
}

export function inOrder(members: readonly Json[] = []): Json[] {
  return [...members].sort((a, b) => a.locationInModule.line - b.locationInModule.line);
}

/** The properties of a struct, those that it inherits after its own. */
export function structProperties(type: Json): Json[] {
  return [...inOrder(type.properties),
    ...(type.interfaces ?? []).flatMap((fqn: string) => structProperties(assembly.types[fqn]))];
}
