/** What a section of a README changes in a file, and what it runs then. */
export interface Change {
  readonly title: string;
  /** Lines that begin with `-` go, lines that begin with `+` come, and the others stay. @default nothing changes */
  readonly diff?: string;
  readonly script?: string;
}

/** The sections of a README, each with its first diff and its first script. */
export function changesOf(readme: string): readonly Change[] {
  const [, ...sections] = readme.split(/^## /m);
  return sections.map(section => {
    const block = (language: string) => new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'm').exec(section)?.[1];
    return { title: section.split('\n')[0], diff: block('diff'), script: block('sh') };
  });
}

/**
 * A text with the change of a diff.
 *
 * @throws when what should stay or go is not in the text, or is there twice
 */
export function changed(text: string, diff: string): string {
  const side = (others: string) =>
    diff.split('\n').filter(line => !line.startsWith(others)).map(line => line.slice(1)).join('\n');
  const [before, ...after] = text.split(side('+'));
  if (after.length !== 1) {
    throw new Error(`what a diff changes is ${after.length} times in the text, and not once:\n${diff}`);
  }
  return `${before}${side('-')}${after[0]}`;
}
