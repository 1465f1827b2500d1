import { twoClusters } from './mesh-util';
import type { MeshProps } from '../../src';
import { definitionOf } from '../../src/definition/definition';
import { meshModel } from '../../src/definition/mesh-model';
import type { JudgedMesh } from '../../src/output/diff/new-problems';
import type { DiffReport } from '../../src/output/diff/report';
import { diffReport } from '../../src/output/diff/report';
import { meshProblems } from '../../src/rules/mesh/mesh-rules';

/** A definition that may be refused, with what is wrong with it. */
export function judgedMesh(props: MeshProps): JudgedMesh {
  const definition = definitionOf(props);
  const { model, problems } = meshModel(definition);
  return { definition, model, problems: () => meshProblems(model, problems) };
}

/** What becomes different between two definitions. */
export function report(before: MeshProps, after: MeshProps): DiffReport {
  return diffReport({ label: 'a.yaml', mesh: judgedMesh(before) }, { label: 'b.yaml', mesh: judgedMesh(after) }, 'b.yaml');
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
