import { type Document, type Node, type Scalar, isAlias, isScalar } from 'yaml';
import { type Schema, meshSchema, resolved, schemaAt } from '../core/schema';
import { type Path, pathText } from '../util/path';
import { NodeReader } from '../util/yaml-nodes';

/** That a tag is none of a mesh. */
export function tagSentence(tag: string): string {
  return `the tag '${tag}' makes no sense here; remove it`;
}

const YAML_TAG = 'tag:yaml.org,2002:';

/** Of what JSON has; a set, an ordered map or bytes would be lost on the way. */
const TAGS = ['!', ...['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map(name => YAML_TAG + name)];

/** Makes plain data of the nodes of a mesh file, and refuses what would be lost or changed on the way. */
export class MeshReader extends NodeReader {
  constructor(document: Document) {
    super(document, 'mesh');
  }

  /** Where something was said: at its key if it has one, and otherwise at what it is missing from. */
  offset(path: Path): number {
    const said = this.said(path);
    const isOfAll = path[0] === 'clusters' && path.length > 2 && said.length < path.length && this.said(path.slice(2, 3)).length > 0;
    return isOfAll ? this.offset(path.slice(2)) : said.at(-1) ?? 0;
  }

  protected override hasMeaning(node: Node): boolean {
    const hasMeaning = isAlias(node) || !node.tag || TAGS.includes(node.tag);
    if (!hasMeaning) {
      this.mistake(node, tagSentence(node.tag!.replace(YAML_TAG, '!!')));
    }
    return hasMeaning;
  }

  /** Where the schema takes any value, nobody after it would see a date, or a number that is another one in the output. */
  protected override scalar(node: Scalar): unknown {
    const { value, source } = node;
    const isDate = value instanceof Date;
    const isOther = isDate || (typeof value === 'number' && !(Math.abs(value) <= Number.MAX_SAFE_INTEGER));
    if (isOther && isOpen(this.path.reduce<Schema | undefined>(below, meshSchema()))) {
      const shown = `${isDate ? 'date' : 'number'} ${source}`;
      this.mistake(node, `${pathText(this.path)}: ${shown} would not reach Istio as it stands here; write it in quotes: '${source}'`);
    }
    return value;
  }

  /** YAML 1.1 takes some keys for something else than text. */
  protected override key(key: Node): string | undefined {
    if (!this.hasMeaning(key)) {
      return undefined;
    }
    if (!isScalar(key)) {
      return this.mistake(key, `${isAlias(key) ? `the alias '*${key.source}'` : 'a list or a map'} stands where a key belongs; write a string`);
    }
    const { value, source } = key;
    if (typeof value === 'string') {
      return value;
    }
    const where = this.path.length > 0 ? `${pathText(this.path)}: ` : '';
    const type = value === null ? 'null' : value instanceof Date ? 'date' : typeof value;
    const wrong = source ? `the key ${source} is a ${type}; write it in quotes: '${source}'` : 'a key is missing here; write one before the colon';
    return this.mistake(key, where + wrong);
  }
}

/** Whether any value may stand there. */
function isOpen(schema: Schema | undefined): boolean {
  return schema !== undefined && Object.keys(resolved(schema)).length === 0;
}

function below(schema: Schema | undefined, key: string | number): Schema | undefined {
  return isOpen(schema) ? schema : schemaAt(schema, key);
}
