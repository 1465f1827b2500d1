import { existsSync, readFileSync } from 'fs';
import { join } from 'path';

/** The part of this library's package.json that the commands read. */
interface LibraryManifest {
  readonly name: string;
  readonly version: string;
  readonly devDependencies: { readonly [name: string]: string };
}

/** The package.json above lib/src/cli, or above src/cli if the sources run directly. */
export function libraryManifest(): LibraryManifest {
  const path = ['../..', '../../..'].map(up => join(__dirname, up, 'package.json')).find(existsSync)!;
  return JSON.parse(readFileSync(path, 'utf-8'));
}
