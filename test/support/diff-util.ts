import { twoClusters } from './mesh-util';
import type { MeshProps } from '../../src';
import { definitionOf } from '../../src/definition/definition';
import { type DiffReport, diffReport } from '../../src/output/diff/report';
import { EvaluatedMesh } from '../../src/rules/evaluated-mesh';

/** Compares two definitions. */
export function diff(before: MeshProps, after: MeshProps): DiffReport {
  const [oldMesh, newMesh] = [before, after].map(props => new EvaluatedMesh(definitionOf(props)));
  return diffReport({ label: 'a.yaml', mesh: oldMesh }, { label: 'b.yaml', mesh: newMesh }, 'b.yaml');
}

/** The changes between two definitions, each as its impact, its sentence and, if there is one, its consequence. */
export function changesBetween(before: MeshProps, after: MeshProps): string[][] {
  return diff(before, after).changes.map(({ impact, describe, consequence = [] }) =>
    [impact, describe(text => text), consequence].flat());
}

/** A mesh of clusters with these names, each on its own network. */
export function meshWithClusters(names: readonly string[], settings: Partial<MeshProps> = {}): MeshProps {
  const clusters = names.map(name => ({ name }));
  const apiServer = 'https://$(cluster).example.com';
  return { ...twoClusters(), network: '$(cluster)-net', apiServer, clusters, ...settings };
}
