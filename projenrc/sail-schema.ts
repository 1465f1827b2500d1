/**
 * Writes imports/sailoperator.io.schema.json: what the Sail operator's API has below `spec`, kind by kind.
 *
 * usage: tsx projenrc/sail-schema.ts CRD_FILE...
 *
 * Without the names of versions, of which each release of the operator has its own.
 */
import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { parseAllDocuments } from 'yaml';
import { type Json, ofCrd } from './crd-schema';

const KINDS = ['Istio', 'IstioCNI', 'IstioRevisionTag'];

const crds: Json[] = process.argv.slice(2)
  .flatMap(file => parseAllDocuments(readFileSync(file, 'utf-8')).map(document => document.toJS()));

function specOf(kind: string): Json {
  const crd = crds.find(({ spec }) => spec.names.kind === kind);
  const version = crd?.spec.versions.find(({ name }: Json) => name === 'v1');
  if (!version) {
    throw new Error(`no file has a CRD of the kind ${kind} in version v1`);
  }
  const schema = ofCrd(version.schema.openAPIV3Schema.properties.spec);
  if (schema.properties.version) {
    schema.properties.version = { type: 'string' };
  }
  return schema;
}

const schemas = Object.fromEntries(KINDS.map(kind => [kind, specOf(kind)]));
writeFileSync(join(__dirname, '..', 'imports', 'sailoperator.io.schema.json'), `${JSON.stringify(schemas)}\n`);
