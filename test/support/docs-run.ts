import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { type Block, type Page, place } from './markdown';
import { changed } from './readme-changes';

/** The block that follows one of commands and is their output, if there is one. */
export function outputOf({ blocks }: Page, i: number): Block | undefined {
  const next: Block | undefined = blocks[i].language === 'sh' ? blocks[i + 1] : undefined;
  return next?.follows && next.file === '' && ['', 'text', 'json', 'mermaid'].includes(next.language) ? next
    : undefined;
}

/** Whether a text is the expected one, in which a line `…` stands for any lines. */
function isAsExpected(text: string, expected: string): boolean {
  const parts = expected.split(/^…\n/m);
  const [first, last] = [parts[0], parts[parts.length - 1]];
  let from = first.length;
  const inOrder = parts.slice(1, -1).every(part => {
    const at = text.indexOf(part, from);
    from = at + part.length;
    return at >= 0;
  });
  return parts.length === 1 ? text === expected : inOrder && text.startsWith(first) && text.slice(from).endsWith(last);
}

/**
 * Does what a page says, in a directory, and tells where something else comes out.
 *
 * A block with the name of a file is written, or is what the commands before it wrote; a diff changes one.
 *
 * @param run what commands say, or `undefined` where nobody can know
 */
export function disagreements(page: Page, directory: string, run: (script: string) => string | undefined): string[] {
  const found: string[] = [];
  const compare = (block: Block, text: string) =>
    isAsExpected(text, block.text) || found.push(`${place(block)}: ${text}`);
  page.blocks.forEach((block, i) => {
    const path = join(directory, block.file);
    if (block.language === 'sh') {
      const said = run(block.text);
      const expected = outputOf(page, i);
      if (expected) {
        compare(expected, said ?? `nobody knows what is said by ${block.text}`);
      }
    } else if (block.file !== '' && block.language === 'diff') {
      writeFileSync(path, changed(readFileSync(path, 'utf-8'), block.text));
    } else if (block.file !== '' && page.blocks[i - 1]?.language === 'sh' && existsSync(path)) {
      compare(block, readFileSync(path, 'utf-8'));
    } else if (block.file !== '') {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, block.text);
    }
  });
  return found;
}
