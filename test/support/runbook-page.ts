import { treeOf } from './mesh-util';
import type { ClusterProps, MeshProps } from '../../src';

/** The runbook of a mesh. */
export function pageOf(props: MeshProps): string {
  return treeOf(props)['mesh.md'];
}

/** The text below a heading, up to the next heading of the same or a higher level. */
export function section(page: string, title: string): string {
  const end = `^##? |^${title === 'Install' ? '## ' : '###? '}|$(?![\\s\\S])`;
  const [, text] = new RegExp(`^##+ (?:\\d+\\. )?${title}\\n(.*?)(?=${end})`, 'ms').exec(page) ?? [];
  if (text === undefined) {
    throw new Error(`the page has no section '${title}':\n${page}`);
  }
  return text;
}

/** The code blocks of a language in a text. */
export function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)\\n\`\`\`$`, 'gms'))].map(([, content]) => content);
}

/** The rows of the first table in a text, without its head. */
export function rows(text: string): string[] {
  return text.split('\n').filter(line => line.startsWith('| ')).slice(2);
}

/** Clusters `c1`, `c2` and so on, with settings by the index of each. */
export function clusters(count: number, settings: (i: number) => Partial<ClusterProps> = () => ({})): MeshProps {
  return {
    meshID: 'mesh1',
    istioVersion: '1.31.0',
    network: 'network1',
    apiServer: 'https://$(cluster).example.com:6443',
    clusters: Array.from({ length: count }, (_, i) => ({ name: `c${i + 1}`, ...settings(i) })),
  };
}
