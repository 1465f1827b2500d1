import isEqual from 'fast-deep-equal';
import { inOneLine } from '../../util/text';

/** Longer values are cut: the rest does not help a reviewer. */
const MAX_LENGTH = 100;

const HIDDEN_VALUE = '…';

const PEM = /-----BEGIN [^-]+-----/;
const TOKEN = /\beyJ[\w-]+\.[\w-]+/;
const URL_CREDENTIALS = /[^\s"'/]*:[^\s"'/]*@/g;

/** Settings whose values are secret, or not readable for people. */
const HIDDEN_SETTINGS = /^(caData|remoteCredentials)\b|unsafePlainText/;

/** Formats the value of a setting in one line, without anything that may be secret. */
export function displayValue(key: string, value: unknown): string {
  const text = typeof value === 'string' ? value : jsonWithoutSecrets(value);
  if (HIDDEN_SETTINGS.test(key) || PEM.test(text) || TOKEN.test(text)) {
    return HIDDEN_VALUE;
  }
  const safe = text.replace(URL_CREDENTIALS, `${HIDDEN_VALUE}@`);
  if (safe === '') {
    return '""';
  }
  return inOneLine(safe.length > MAX_LENGTH ? `${safe.slice(0, MAX_LENGTH)}…` : safe);
}

function jsonWithoutSecrets(value: unknown): string {
  return JSON.stringify(value, (name, entry) => name === 'unsafePlainText' ? HIDDEN_VALUE : entry) ?? '';
}

/** Formats the entries of a list setting that another list does not contain. */
export function entriesOnlyIn(key: string, list: readonly unknown[], other: readonly unknown[]): string[] {
  return list.filter(entry => !other.some(one => isEqual(one, entry))).map(entry => displayValue(key, entry));
}
