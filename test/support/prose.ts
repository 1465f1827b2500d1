import * as ts from 'typescript';

/** A piece of text that people read, with the line on which it begins. */
export interface Prose {
  readonly line: number;
  readonly text: string;
}

/** Comments, string literals and texts of templates in TypeScript; import paths are left out. */
export function proseOfTypeScript(source: string): Prose[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);
  const found = new Map<number, string>();
  const comments = (position: number) => {
    const ranges = [ts.getLeadingCommentRanges(source, position), ts.getTrailingCommentRanges(source, position)];
    ranges.flatMap(some => some ?? []).forEach(({ pos, end }) => found.set(pos, source.slice(pos, end)));
  };
  const visit = (node: ts.Node): void => {
    comments(node.getFullStart());
    comments(node.getEnd());
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      const isPath = ts.isImportDeclaration(node.parent) || ts.isExportDeclaration(node.parent)
        || ts.isExternalModuleReference(node.parent);
      if (!isPath) {
        found.set(node.getStart(), node.text);
      }
    }
    node.getChildren().forEach(visit);
  };
  visit(file);
  return [...found].sort(([a], [b]) => a - b)
    .map(([position, text]) => ({ line: file.getLineAndCharacterOfPosition(position).line + 1, text }));
}

/** The text of a Markdown page without fenced and inline code, and without the addresses of links. */
export function proseOfMarkdown(source: string): Prose[] {
  let isFenced = false;
  return source.split('\n').flatMap((line, i) => {
    if (/^\s*(```|~~~)/.test(line)) {
      isFenced = !isFenced;
      return [];
    }
    return isFenced ? [] : [{ line: i + 1, text: line.replace(/`[^`]*`/g, '`…`').replace(/\]\([^)]*\)/g, ']') }];
  });
}

/** The comments of a YAML, Python or shell file: what follows a `#` at the start of a line or after a space. */
export function proseOfComments(source: string): Prose[] {
  return source.split('\n').flatMap((line, i) => {
    const [, text] = /(?:^|\s)#\s?(.*)$/.exec(line) ?? [];
    return text ? [{ line: i + 1, text }] : [];
  });
}
