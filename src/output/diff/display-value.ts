import isEqual from 'fast-deep-equal';
import type { ChangeDetails } from './change';
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

/** The change that a list has entries that another list does not contain; the sentence has them as `{entries}`. */
export function entriesChange(
  list: readonly unknown[], other: readonly unknown[], details: Omit<ChangeDetails, 'values'>,
): ChangeDetails | undefined {
  const entries = list.filter(entry => !other.some(one => isEqual(one, entry)));
  const values = { entries: entries.map(entry => displayValue('', entry)).join(', ') };
  return entries.length === 0 ? undefined : { ...details, values };
}
