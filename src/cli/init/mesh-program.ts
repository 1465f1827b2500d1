import { type InitialMesh, meshDefinition } from './initial-mesh';
import { COMMENTS } from './mesh-yaml';
import type { Serialized } from '../../core/provider';
import { type Schema, argumentSchema, meshSchema, resolved, schemaAt } from '../../core/schema';
import { type Fields, isMap } from '../../util/map';

/** Writes the mesh as a TypeScript program that generates the same manifests as its mesh.yaml. */
export function meshProgram(mesh: InitialMesh): string {
  const { clusters, ...settings } = meshDefinition(mesh);
  const writer = new PropertyWriter();
  const meshProperties = writer.properties(settings, meshSchema());
  const clusterSchema = schemaAt(schemaAt(meshSchema(), 'clusters'), 0);
  const clusterObjects = (clusters as Fields[]).map(cluster =>
    `    {\n${indented(writer.properties(cluster, clusterSchema), 6)}    },\n`);
  return `import { ${[...writer.imports].sort().join(', ')} } from 'cdk8s-istio-mesh';

const app = new MeshApp();

// Settings of the mesh apply to all clusters; settings of a cluster override them. $(cluster) is replaced with the name
// of the cluster.
new Mesh(app, 'mesh', {
${indented(meshProperties, 2)}  clusters: [
${clusterObjects.join('')}  ],
});

app.synth();
`;
}

/** Istio's own settings: they use Istio's spelling, which the library accepts but the TypeScript types do not. */
const ISTIO_SETTINGS = ['values', 'meshConfig', 'components'];

/** Writes settings as properties of an object literal, and collects the names that they import. */
class PropertyWriter {
  readonly imports = new Set(['Mesh', 'MeshApp']);
  private readonly explained = new Set<string>();

  /** One property per line, with a comment where a setting appears for the first time. */
  properties(settings: Fields, schema: Schema | undefined): string {
    return Object.entries(settings).map(([key, value]) => {
      const cast = ISTIO_SETTINGS.includes(key) ? ' as object' : '';
      return `${propertyName(key)}: ${this.expression(value, schemaAt(schema, key))}${cast},${this.comment(key)}\n`;
    }).join('');
  }

  private comment(key: string): string {
    const explanation = this.explained.has(key) ? undefined : COMMENTS[key];
    this.explained.add(key);
    return explanation === undefined ? '' : ` // ${explanation}`;
  }

  private expression(value: unknown, schema: Schema | undefined): string {
    const resolvedSchema = schema && resolved(schema);
    if (resolvedSchema?.['x-provider']) {
      return this.factoryCall(resolvedSchema['x-provider'], value as Serialized, resolvedSchema);
    }
    if (resolvedSchema?.enum && schema?.$ref) {
      return this.enumMember(schema.$ref.split('/').pop()!, String(value));
    }
    if (Array.isArray(value)) {
      return wrapped('[', value.map((entry, i) => this.expression(entry, schemaAt(schema, i))), ']', '');
    }
    if (isMap(value)) {
      const properties = Object.entries(value)
        .map(([key, entry]) => `${propertyName(key)}: ${this.expression(entry, schemaAt(schema, key))}`);
      return wrapped('{', properties, '}', ' ');
    }
    return literal(value);
  }

  /** A provider by its static factory, e.g. `Trust.pem('certs')`. */
  private factoryCall(className: string, form: Serialized, schema: Schema): string {
    this.imports.add(className);
    if (typeof form === 'string') {
      return `${className}.${form}()`;
    }
    const [[factory, argument]] = Object.entries(form);
    const text = argument === undefined ? '' : this.expression(argument, argumentSchema(schema, factory));
    return `${className}.${factory}(${text})`;
  }

  /** A member of an enum, e.g. `GatewayInstall.ALWAYS`. */
  private enumMember(enumName: string, value: string): string {
    this.imports.add(enumName);
    return `${enumName}.${value.replace(/([a-z])(?=[A-Z])/g, '$1_').toUpperCase()}`;
  }
}

const MAX_LINE_LENGTH = 100;

/** An array or object literal, on one line if it fits. */
function wrapped(open: string, parts: readonly string[], close: string, padding: string): string {
  const line = parts.length === 0 ? open + close : `${open}${padding}${parts.join(', ')}${padding}${close}`;
  if (line.length <= MAX_LINE_LENGTH && !line.includes('\n')) {
    return line;
  }
  return `${open}\n${indented(parts.map(part => `${part},\n`).join(''), 2)}${close}`;
}

function propertyName(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) && key !== '__proto__' ? key : literal(key);
}

/** A scalar; strings are in single quotes, with every character escaped that could end them or is invisible. */
function literal(value: unknown): string {
  if (typeof value !== 'string') {
    return JSON.stringify(value);
  }
  const text = JSON.stringify(value).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, '\\\'');
  return `'${text.replace(/[\u007f-\u009f\u2028\u2029]/g, unicodeEscape)}'`;
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function indented(text: string, width: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(width));
}
