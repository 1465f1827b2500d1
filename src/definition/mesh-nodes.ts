import { type Document, type Node, type Scalar, isAlias, isScalar } from 'yaml';
import { type Schema, meshSchema, resolved, schemaAt } from '../core/schema';
import { type Path, pathText } from '../util/path';
import { NodeReader } from '../util/yaml-nodes';

/** The message for a tag that a mesh file must not have. */
export function unsupportedTag(tag: string): string {
  return `the tag '${tag}' is not supported here; remove it`;
}

const YAML_TAG = 'tag:yaml.org,2002:';

/** Tags of types that JSON has; sets, ordered maps and bytes would be lost. */
const TAGS = ['!', ...['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map(name => YAML_TAG + name)];

/** Converts the nodes of a mesh file to plain data, and rejects what would be lost or changed. */
export class MeshNodeReader extends NodeReader {
  constructor(document: Document) {
    super(document, 'mesh');
  }

  /** The offset of a setting: of its key, or of the map or list in which it is missing. */
  offset(path: Path): number {
    const offsets = this.offsetsAlong(path);
    const isInCluster = path[0] === 'clusters' && path.length > 2;
    const isSetOnMesh = isInCluster && offsets.length < path.length && this.offsetsAlong(path.slice(2, 3)).length > 0;
    return isSetOnMesh ? this.offset(path.slice(2)) : offsets.at(-1) ?? 0;
  }

  protected override hasMeaning(node: Node): boolean {
    const hasMeaning = isAlias(node) || !node.tag || TAGS.includes(node.tag);
    if (!hasMeaning) {
      this.mistake(node, unsupportedTag(node.tag!.replace(YAML_TAG, '!!')));
    }
    return hasMeaning;
  }

  /** Rejects dates and inexact numbers where the schema accepts any value, because no later check would. */
  protected override scalar(node: Scalar): unknown {
    const { value, source } = node;
    const isDate = value instanceof Date;
    const isChanged = isDate || (typeof value === 'number' && !(Math.abs(value) <= Number.MAX_SAFE_INTEGER));
    if (isChanged && isOpen(this.path.reduce<Schema | undefined>(schemaOfEntry, meshSchema()))) {
      const shown = `${isDate ? 'date' : 'number'} ${source}`;
      this.mistake(node, `${pathText(this.path)}: Istio would receive another value than ${shown}; write it in quotes: `
        + `'${source}'`);
    }
    return value;
  }

  /** Rejects keys that YAML 1.1 does not read as text. */
  protected override key(key: Node): string | undefined {
    if (!this.hasMeaning(key)) {
      return undefined;
    }
    if (!isScalar(key)) {
      const shown = isAlias(key) ? `the alias '*${key.source}'` : 'a list or a map';
      return this.mistake(key, `${shown} is not a valid key; write a string`);
    }
    const { value, source } = key;
    if (typeof value === 'string') {
      return value;
    }
    const place = this.path.length > 0 ? `${pathText(this.path)}: ` : '';
    const type = value === null ? 'null' : value instanceof Date ? 'date' : typeof value;
    const message = source ? `the key ${source} is a ${type}; write it in quotes: '${source}'`
      : 'a key is missing here; write one before the colon';
    return this.mistake(key, place + message);
  }
}

/** Whether a schema accepts any value. */
function isOpen(schema: Schema | undefined): boolean {
  return schema !== undefined && Object.keys(resolved(schema)).length === 0;
}

function schemaOfEntry(schema: Schema | undefined, key: string | number): Schema | undefined {
  return isOpen(schema) ? schema : schemaAt(schema, key);
}
