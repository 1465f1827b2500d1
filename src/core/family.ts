import { familyMark } from './brand';

/**
 * The written form of a member of a family, as it stands in mesh.yaml: its name alone, or its name with one argument.
 */
export type FamilyForm = string | { readonly [member: string]: unknown };

/**
 * A closed choice: an abstract class whose static factories are its members.
 *
 * Each member keeps the form in which mesh.yaml says it, so that code and file mean the same and a definition stays plain data.
 *
 * @internal
 */
export abstract class Family {
  /** @internal */
  readonly _form: FamilyForm;

  /** @internal */
  protected constructor(form: any) { // any, because jsii knows no unions
    this._form = form;
    familyMark.set(this);
  }
}

/** Name of a member of a family. */
export function memberName({ _form }: Family): string {
  return typeof _form === 'string' ? _form : Object.keys(_form)[0];
}

/**
 * The same value with every member of a family replaced by its written form.
 */
export function written(value: unknown, around: readonly unknown[] = []): unknown {
  if (around.includes(value) && typeof value === 'object' && value !== null) {
    throw new Error('the definition holds itself: a map or list stands inside of itself');
  }
  if (familyMark.isOn(value)) {
    return (value as Family)._form;
  }
  if (Array.isArray(value)) {
    return value.map(entry => written(entry, [...around, value]));
  }
  if (typeof value === 'object' && value !== null) {
    const said = Object.entries(value).filter(([, entry]) => entry !== undefined);
    return Object.fromEntries(said.map(([key, entry]) => [key, written(entry, [...around, value])]));
  }
  return value;
}
