/** The parts of `name=value`, as options on the command line give them; without a `=` there is no value. */
export function namedValue(text: string): readonly [name: string, value: string | undefined] {
  const at = text.indexOf('=');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
