import { readFileSync } from 'fs';
import { join } from 'path';

/** The package's own files: `lib/` has the directories that the sources have. */
const ROOT = join(__dirname, '..', '..', '..');

/** The JSON Schema of a mesh definition, newly read. */
export function readMeshSchema(): unknown {
  return readJson('src', 'mesh.schema.json');
}

/** The JSON Schema of each kind of the Sail operator, newly read. */
export function readSailSchemas(): unknown {
  return readJson('imports', 'sailoperator.io.schema.json');
}

function readJson(...names: readonly string[]): unknown {
  return JSON.parse(readFileSync(join(ROOT, ...names), 'utf-8'));
}
