import { twoClusters } from './mesh-util';
import type { MeshProps } from '../../src';
import { definitionOf } from '../../src/definition/definition';
import type { DiffReport } from '../../src/output/diff/report';
import { diffReport } from '../../src/output/diff/report';
import { EvaluatedMesh } from '../../src/rules/evaluated-mesh';

/** A definition, valid or not, with everything that is wrong with it. */
export function evaluatedMesh(props: MeshProps): EvaluatedMesh {
  return new EvaluatedMesh(definitionOf(props));
}

/** What becomes different between two definitions. */
export function report(before: MeshProps, after: MeshProps): DiffReport {
  return diffReport({ label: 'a.yaml', mesh: evaluatedMesh(before) }, { label: 'b.yaml', mesh: evaluatedMesh(after) }, 'b.yaml');
}

/** Everything that is told, sentence by sentence: its impact, the sentence, and what a reviewer must know. */
export function told(before: MeshProps, after: MeshProps): string[][] {
  const asItIs = (text: string) => text;
  return report(before, after).changes.map(({ impact, sentence, consequence = [] }) => [impact, sentence(asItIs, asItIs), consequence].flat());
}

/** Clusters of these names, each on a network of its own, in a mesh with these settings. */
export function meshOf(names: readonly string[], both: Partial<MeshProps> = {}): MeshProps {
  return { ...twoClusters(), network: '$(cluster)-net', apiServer: 'https://$(cluster).example.com', clusters: names.map(name => ({ name })), ...both };
}
