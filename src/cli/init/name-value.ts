/** Splits `NAME=VALUE`, as command line options use it; without a `=`, the value is undefined. */
export function parseNameValue(text: string): readonly [name: string, value: string | undefined] {
  const separator = text.indexOf('=');
  return separator < 0 ? [text, undefined] : [text.slice(0, separator), text.slice(separator + 1)];
}
