import type { InitialMesh } from './initial-mesh';
import { commentsOf, definitionOfInitial } from './initial-mesh';
import { COMMENTS } from './mesh-text';
import type { Serialized } from '../../core/provider';
import type { Schema } from '../../core/schema';
import { argumentSchema, meshSchema, resolved, schemaAt } from '../../core/schema';
import { isMap } from '../../util/map';

/** The mesh as a program in TypeScript, which gives the same tree as its mesh.yaml. */
export function meshProgram(mesh: InitialMesh): string {
  const imports = new Set(['Mesh', 'MeshApp']);
  const { clusters, ...settings } = definitionOfInitial(mesh);
  const explained = new Set<string>();
  const lines = Object.entries(settings).map(([key, value]) => property(key, value, schemaAt(meshSchema(), key), imports, explained));
  const ofCluster = schemaAt(schemaAt(meshSchema(), 'clusters'), 0);
  const ofClusters = (clusters as object[]).map((cluster, i) => {
    const properties = Object.entries(cluster).map(([key, value]) => property(key, value, schemaAt(ofCluster, key), imports, explained));
    const above = commentsOf(mesh.clusters[i]).map(line => `    // ${line}\n`).join('');
    return `${above}    {\n${indented(properties.join(''), 6)}    },\n`;
  });
  return `import { ${[...imports].sort().join(', ')} } from 'cdk8s-istio-mesh';

const app = new MeshApp();

// What is said of the mesh holds for all clusters; the same properties of a cluster hold for that one. $(cluster) is the name of the
// cluster that a setting is used for.
new Mesh(app, 'mesh', {
${indented(lines.join(''), 2)}  clusters: [
${ofClusters.join('')}  ],
});

app.synth();
`;
}

/** A property with what it means behind it, where that has not been said before. */
function property(key: string, value: unknown, schema: Schema | undefined, imports: Set<string>, explained: Set<string>): string {
  const comment = explained.has(key) || COMMENTS[key] === undefined ? '' : ` // ${COMMENTS[key]}`;
  explained.add(key);
  return `${name(key)}: ${expression(value, schema, imports)}${ISTIO.includes(key) ? ' as object' : ''},${comment}\n`;
}

/** Istio's own settings, which are written in Istio's own spelling: the types have another one, and the library takes both. */
const ISTIO = ['values', 'meshConfig', 'components'];

function expression(value: unknown, schema: Schema | undefined, imports: Set<string>): string {
  const at = schema && resolved(schema);
  if (at?.['x-provider']) {
    imports.add(at['x-provider']);
    const [[factory, argument] = [value as string]] = typeof value === 'string' ? [] : Object.entries(value as Exclude<Serialized, string>);
    return `${at['x-provider']}.${factory}(${argument === undefined ? '' : expression(argument, argumentSchema(at, factory), imports)})`;
  }
  if (at?.enum && schema?.$ref) {
    const type = schema.$ref.split('/').pop()!;
    imports.add(type);
    return `${type}.${String(value).replace(/([a-z])(?=[A-Z])/g, '$1_').toUpperCase()}`;
  }
  if (Array.isArray(value)) {
    return wrapped('[', value.map((entry, i) => expression(entry, schemaAt(schema, i), imports)), ']', '');
  }
  return isMap(value)
    ? wrapped('{', Object.entries(value).map(([key, entry]) => `${name(key)}: ${expression(entry, schemaAt(schema, key), imports)}`), '}', ' ')
    : literal(value);
}

const LINE = 100;

/** On one line where it fits. */
function wrapped(open: string, parts: readonly string[], close: string, blank: string): string {
  const line = parts.length === 0 ? open + close : `${open}${blank}${parts.join(', ')}${blank}${close}`;
  return line.length <= LINE && !line.includes('\n') ? line : `${open}\n${indented(parts.map(part => `${part},\n`).join(''), 2)}${close}`;
}

function name(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) && key !== '__proto__' ? key : literal(key);
}

/** Text in single quotes, with whatever could end it, or hide in it, escaped. */
function literal(value: unknown): string {
  return typeof value !== 'string' ? JSON.stringify(value)
    : `'${JSON.stringify(value).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, '\\\'').replace(/[\u007f-\u009f\u2028\u2029]/g, escaped)}'`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function indented(text: string, by: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(by));
}
