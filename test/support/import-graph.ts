import { readdirSync, readFileSync } from 'fs';
import { dirname, join, posix } from 'path';
import * as ts from 'typescript';

/** An import of one source file by another, of values or only of types. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

/** The TypeScript files of a directory, by their paths in it. */
export function sourceFiles(root: string): ReadonlyMap<string, string> {
  const paths = (readdirSync(root, { recursive: true }) as string[]).filter(path => path.endsWith('.ts')).sort();
  return new Map(paths.map(path => [path, readFileSync(join(root, path), 'utf-8')]));
}

/** Every import among files: statements, re-exports, `import('…')` as a type or a call, and `require('…')`. */
export function importsAmong(files: ReadonlyMap<string, string>): Import[] {
  return [...files].flatMap(([from, text]) => importedPaths(from, text).flatMap(path => {
    const base = posix.join(posix.dirname(from), path.replace(/\.js$/, ''));
    const to = [`${base}.ts`, `${base}/index.ts`].find(candidate => files.has(candidate));
    return to ? [{ from, to }] : [];
  }));
}

/** What a file imports, as it is written, Node's modules and packages included. */
export function importedPaths(name: string, text: string): string[] {
  const found = new Set<string>();
  const add = (node: ts.Node | undefined) => node && ts.isStringLiteralLike(node) && found.add(node.text);
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal);
    } else if (ts.isCallExpression(node)
      && (node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require')) {
      add(node.arguments[0]);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true));
  return [...found];
}

/** The names of values and types that a file uses, without those of properties. */
export function usedNames(name: string, text: string): Set<string> {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !isPropertyName(node)) {
      found.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true));
  return found;
}

function isPropertyName(node: ts.Identifier): boolean {
  const { parent } = node;
  return ts.isQualifiedName(parent) ? parent.right === node
    : (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent) || ts.isTypeElement(parent))
      && parent.name === node;
}

/** The groups of two or more files that import each other, directly or through others (Tarjan's algorithm). */
export function importCycles(imports: readonly Import[]): string[][] {
  const targets = new Map<string, string[]>();
  imports.forEach(({ from, to }) => targets.set(from, [...targets.get(from) ?? [], to]));
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const cycles: string[][] = [];
  const visit = (file: string): void => {
    order.set(file, order.size);
    lowest.set(file, order.get(file)!);
    stack.push(file);
    for (const target of targets.get(file) ?? []) {
      if (!order.has(target)) {
        visit(target);
        lowest.set(file, Math.min(lowest.get(file)!, lowest.get(target)!));
      } else if (stack.includes(target)) {
        lowest.set(file, Math.min(lowest.get(file)!, order.get(target)!));
      }
    }
    if (lowest.get(file) === order.get(file)) {
      const cycle = stack.splice(stack.indexOf(file));
      if (cycle.length > 1) {
        cycles.push(cycle.sort());
      }
    }
  };
  [...targets.keys()].filter(file => !order.has(file)).forEach(file => order.has(file) || visit(file));
  return cycles;
}

/** The directory of `src/` that a file is in, e.g. `rules`; its own name where it is in none. */
export function layerOf(path: string): string {
  return dirname(path) === '.' ? path : path.split('/')[0];
}
