import { providerMark } from './brand';

/** A provider as mesh.yaml writes it: its kind, or its kind with one argument. */
export type Serialized = string | { readonly [kind: string]: unknown };

/**
 * One of several implementations: an abstract class whose static factories create them.
 *
 * Each provider keeps the form in which mesh.yaml writes it, so that a definition in code becomes the same plain data
 * as one in a file.
 *
 * @internal
 */
export abstract class Provider {
  /** @internal */
  readonly _kind: string;

  /** @internal */
  readonly _serialized: Serialized;

  /** @internal */
  protected constructor(kind: string, argument?: any) {
    this._kind = kind;
    this._serialized = argument === undefined ? kind : { [kind]: serialize(argument) };
    providerMark.set(this);
  }
}

/**
 * The same value with every provider in its serialized form.
 *
 * @throws when a map or a list contains itself
 */
export function serialize(value: unknown, parents: readonly unknown[] = []): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (parents.includes(value)) {
    throw new Error('the definition contains itself: a map or list is nested in itself');
  }
  if (providerMark.isOn(value)) {
    return (value as Provider)._serialized;
  }
  const nested = [...parents, value];
  if (Array.isArray(value)) {
    return value.map(entry => serialize(entry, nested));
  }
  const present = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return Object.fromEntries(present.map(([key, entry]) => [key, serialize(entry, nested)]));
}
