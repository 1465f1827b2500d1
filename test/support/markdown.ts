import { readdirSync, readFileSync } from 'fs';
import { join, sep } from 'path';

export const ROOT = join(__dirname, '..', '..');

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  readonly line: number;
  /** Of the fence: `sh`, `ts`, `yaml`, `json`, `diff`, `text`, or nothing. */
  readonly language: string;
  /** Behind the language, for a block that is a file of its own. */
  readonly file: string;
  /** Without the indentation of a list that it stands in. */
  readonly text: string;
  /** Whether nothing stands between it and the block before. */
  readonly follows: boolean;
}

/** A page of the documentation. */
export interface Page {
  /** From the top of the repository. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

export function page(path: string, text: string): Page {
  let end = 0;
  const blocks = [
    ...text.matchAll(/^( *)```(\w*) *([^\n`]*)\n([^]*?)^\1```$/gm),
  ].map(({ 0: all, index, 1: indent, 2: language, 3: file, 4: body }) => {
    const follows = end > 0 && text.slice(end, index).trim() === '';
    end = index + all.length;
    const line = text.slice(0, index).split('\n').length;
    return { page: path, line, language, file, follows, text: body.replace(new RegExp(`^${indent}`, 'gm'), '') };
  });
  return { path, text, blocks };
}

/** Every page that a reader of the repository may open. */
export function pages(): Page[] {
  const below =
    (directory: string) => (readdirSync(join(ROOT, directory), { recursive: true }) as string[]).map(path =>
      join(directory, path).split(sep).join('/'));
  const paths = [
    'README.md', ...below('docs'), ...below('examples').filter(path => !path.includes('node_modules')),
  ].filter(path => path.endsWith('.md'));
  return paths.sort().map(path => page(path, readFileSync(join(ROOT, path), 'utf-8')));
}

/** Blocks of a language in some pages. */
export function blocksOf(some: readonly Page[], language: string): Block[] {
  return some.flatMap(({ blocks }) => blocks.filter(block => block.language === language));
}

/** Where a block stands, for what is said of it. */
export function place({ page: path, line }: Block): string {
  return `${path}:${line}`;
}

/** What a page says outside of its fenced blocks. */
export function prose({ text }: Page): string {
  return text.replace(/^( *)```[^]*?^\1```$/gm, '');
}
