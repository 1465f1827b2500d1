import { twoClusters } from './mesh-util';
import type { MeshProps } from '../../src';
import { definitionOf } from '../../src/definition/definition';
import { meshModel } from '../../src/definition/mesh-model';
import type { EvaluatedMesh } from '../../src/output/diff/new-problems';
import type { DiffReport } from '../../src/output/diff/report';
import { diffReport } from '../../src/output/diff/report';
import { meshProblems } from '../../src/rules/mesh/mesh-rules';

/** Resolves a definition, which may have errors. */
function evaluate(props: MeshProps): EvaluatedMesh {
  const definition = definitionOf(props);
  const { model, problems } = meshModel(definition);
  return { definition, model, problems: () => meshProblems(model, problems) };
}

/** Compares two definitions. */
export function diff(before: MeshProps, after: MeshProps): DiffReport {
  return diffReport({ label: 'a.yaml', mesh: evaluate(before) }, { label: 'b.yaml', mesh: evaluate(after) }, 'b.yaml');
}

/** The changes between two definitions, each as its impact, its sentence and, if there is one, its consequence. */
export function changesBetween(before: MeshProps, after: MeshProps): string[][] {
  const unchanged = (text: string) => text;
  return diff(before, after).changes.map(({ impact, describe, consequence = [] }) =>
    [impact, describe(unchanged, unchanged), consequence].flat());
}

/** A mesh of clusters with these names, each on its own network. */
export function meshWithClusters(names: readonly string[], settings: Partial<MeshProps> = {}): MeshProps {
  const clusters = names.map(name => ({ name }));
  const apiServer = 'https://$(cluster).example.com';
  return { ...twoClusters(), network: '$(cluster)-net', apiServer, clusters, ...settings };
}
