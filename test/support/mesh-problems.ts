import { quietApp, twoClusters } from './mesh-util';
import { problems } from './util';
import { type ClusterProps, type MeshProps, Mesh } from '../../src';

/** Messages about a mesh; the constructs are created as well, so that a valid mesh is one that can be generated. */
export function problemsOf(props: MeshProps): string[] {
  return problems(() => new Mesh(quietApp(), 'mesh', props));
}

/** Messages about `cluster1` in a mesh of two clusters. */
export function problemsOfOne(one: Partial<ClusterProps>): string[] {
  return problemsOf(twoClusters({}, one));
}

/** A message about `cluster1`, with its place. */
export function ofOne(place: string, message: string): string {
  return `clusters[0].${place}: cluster 'cluster1': ${message}`;
}

/** What a DNS label consists of, as messages describe it. */
export const SYNTAX = "1 to 63 lower-case letters, digits and '-', starting and ending with a letter or digit";

/** The suggestion for an invalid API server. */
export const SERVER = 'write the https URL at which the other clusters reach it, e.g. https://10.0.0.1:6443';
