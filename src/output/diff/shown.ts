import { isEqual } from '../../util/equal';
import { inOneLine } from '../../util/text';

/** Longer values tell a reviewer nothing more. */
const MAX_LENGTH = 100;

const PEM = /-----BEGIN [^-]+-----/;
const TOKEN = /\beyJ[\w-]+\.[\w-]+/;

/** Settings whose values are secrets, or where nobody reads them. */
const HIDDEN = /^(caData|remoteCredentials)\b|unsafePlainText/;

/** A value of a setting as a reviewer sees it, in one line and without what may be a secret. */
export function shown(key: string, value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value, (name, entry) => name === 'unsafePlainText' ? '…' : entry) ?? '';
  if (HIDDEN.test(key) || PEM.test(text) || TOKEN.test(text)) {
    return '…';
  }
  const told = text.replace(/[^\s"'/]*:[^\s"'/]*@/g, '…@');
  return told === '' ? '""' : inOneLine(told.length > MAX_LENGTH ? `${told.slice(0, MAX_LENGTH)}…` : told);
}

/** The entries of a list that another does not have, as they are shown. */
export function without(key: string, list: readonly unknown[], other: readonly unknown[]): string[] {
  return list.filter(entry => !other.some(one => isEqual(one, entry))).map(entry => shown(key, entry));
}
