import { readdirSync, readFileSync, statSync } from 'fs';
import { join } from 'path';
import type { Cluster } from './lab/cluster';

/** Everything secret that a cluster has for the mesh. */
export async function secretsOf(cluster: Cluster): Promise<readonly string[]> {
  const { items } = JSON.parse(await cluster.kubectl('-n', 'istio-system', 'get', 'secrets', '-o', 'json'));
  return (items as ReadonlyArray<{ data?: { [key: string]: string } }>).flatMap(({ data = {} }) =>
    [data.token, data['ca-key.pem']])
    .flatMap(base64 => base64 ? [Buffer.from(base64, 'base64').toString().trim()] : []);
}

export function filesBelow(directory: string): readonly string[] {
  return (readdirSync(directory, { recursive: true }) as string[]).map(path => join(directory, path))
    .filter(path => statSync(path).isFile());
}

/** @throws when a secret can be read in a file */
export function expectNoneIn(files: readonly string[], secrets: readonly string[]): void {
  const forms = secrets.flatMap(secret => [secret, ...inBase64(secret)]);
  const found = files.filter(file => {
    const text = readFileSync(file, 'utf-8');
    return text.includes('PRIVATE KEY') || forms.some(form => text.includes(form));
  });
  if (secrets.length === 0 || files.length === 0 || found.length > 0) {
    throw new Error(`of ${secrets.length} secrets there is one in `
      + `${found.join(', ') || `nothing of ${files.length} files`}`);
  }
}

/** What a text looks like within another in base64, where it begins at any of three places of a group. */
function inBase64(text: string): readonly string[] {
  return [0, 1, 2].map(place => {
    const groups = Buffer.from(text).subarray(place);
    return groups.subarray(0, groups.length - groups.length % 3).toString('base64');
  });
}
