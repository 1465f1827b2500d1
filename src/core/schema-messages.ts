import type { ValidationError } from 'jsonschema';
import { type Problem, problem } from './rule';
import type { Schema } from './schema';
import { isMap } from '../util/map';
import { isNear, nearest } from '../util/suggestions';

/** A value in the wrong place. */
export interface Wrong {
  readonly data: unknown;
  /** The value as its author wrote it, where that is known. */
  readonly text?: string;
  /** Whether a message may not show it. */
  readonly mayBeSecret: boolean;
}

/** What is wrong with a value according to its schema. */
export function schemaProblem({ name, argument, schema }: ValidationError, wrong: Wrong): Problem {
  const { properties = {}, enum: values } = schema as Schema;
  switch (name) {
    case 'additionalProperties':
      return problem(`'${argument}' is not a key here`, nearest(argument, Object.keys(properties)));
    case 'required':
      return problem(`'${argument}' is missing, and required here`);
    case 'enum':
      return problem(`${shown(wrong)} is not a value here`,
        nearest(typeof wrong.data === 'string' ? wrong.data : '', values!));
    case 'x-provider':
      return providerProblem(schema as Schema, wrong);
    default:
      return typeProblem(argument, wrong);
  }
}

function providerProblem(schema: Schema, wrong: Wrong): Problem {
  const { data, mayBeSecret } = wrong;
  const names = kindsOf(schema);
  const keys = isMap(data) ? Object.keys(data) : typeof data === 'string' ? [data] : [];
  const refused = keys.find(key => Object.hasOwn(REFUSED_CREDENTIALS, key));
  if (schema['x-provider'] === 'RemoteCredentials' && refused) {
    const unsafe = names.find(name => name.toLowerCase() === `unsafe${refused.toLowerCase()}`);
    const others = names.filter(name => !name.startsWith('unsafe')).join(', ');
    return problem(`istiod rejects '${refused}': ${REFUSED_CREDENTIALS[refused]}`,
      `use ${others}` + (unsafe ? `, or make istiod accept it with ${unsafe}` : ''));
  }
  if (keys.length !== 1 || (mayBeSecret && typeof data === 'string' && !isNear(data, names))) {
    return problem(`${shown(wrong)} is not a valid ${schema['x-provider']}`, `write one of ${names.join(', ')}`);
  }
  if (names.includes(keys[0])) {
    const bare = schema.anyOf!.some(form => form.const === keys[0]);
    return bare ? problem(`'${keys[0]}' does not accept an argument here`, `write ${keys[0]}`)
      : problem(`'${keys[0]}' needs an argument here`, `write {${keys[0]}: …}`);
  }
  return problem(`'${keys[0]}' is not a valid ${schema['x-provider']}`, nearest(keys[0], names));
}

/** Kinds of a provider. */
function kindsOf(provider: Schema): string[] {
  return [...new Set(provider.anyOf!.flatMap(form => form.const ?? Object.keys(form.properties!)))];
}

/** Parts of a kubeconfig that istiod does not accept, by the names under which users look for them. */
const REFUSED_CREDENTIALS: { readonly [name: string]: string } = {
  'exec': 'it would have to run a program that is not in its image',
  'tokenFile': 'a kubeconfig may name no file of its container',
  'client-certificate': 'a kubeconfig may name no file of its container',
  'client-key': 'a kubeconfig may name no file of its container',
  'clientKey': 'a kubeconfig may name no file of its container',
};

function typeProblem(type: string | readonly string[], wrong: Wrong): Problem {
  const { data, text, mayBeSecret } = wrong;
  const wanted = [type].flat().filter(name => name !== 'null');
  const types = wanted.map(name => YAML_TYPES[name] ?? `a ${name}`).join(' or ');
  const message = `${shown(wrong)} is not ${types}`;
  if (data === null && text === undefined) {
    return problem(message, 'write one, or remove the key');
  }
  const isScalar = typeof data !== 'object' || data === null || data instanceof Date;
  const quoted = mayBeSecret ? '' : `: '${text ?? String(data)}'`;
  return problem(message, wanted.includes('string') && isScalar ? `write it in quotes${quoted}` : undefined);
}

const YAML_TYPES: { readonly [type: string]: string } = {
  array: 'a list', object: 'a map', integer: 'a whole number',
};

function shown({ data, text, mayBeSecret }: Wrong): string {
  if (Array.isArray(data)) {
    return 'a list';
  }
  if (isMap(data)) {
    return 'a map';
  }
  if (data === null) {
    return 'nothing (null)';
  }
  if (mayBeSecret) {
    return `a ${typeof data}`;
  }
  return typeof data === 'string' ? `'${data}'` : `${data instanceof Date ? 'date' : typeof data} ${text ?? data}`;
}
