import type { MeshModel } from '../../definition/mesh-model';

/** What a change asks of whoever lets it through; what hurts most comes first. */
export enum Impact {
  /** What runs keeps the old, or must be made anew. */
  REBUILD = 'rebuild',
  /** Requests or links may break between the old and the new, or end. */
  INTERRUPTS = 'interrupts',
  /** Pods have the old until they are made anew. */
  RESTARTS = 'restarts',
  /** It works as soon as it is applied. */
  CHANGES = 'changes',
}

/** The clusters that a sentence is about. */
export interface Who {
  /** As they stand in the sentence, e.g. `cluster1 and cluster2`. */
  readonly text: string;
  readonly isMany: boolean;
}

/** One thing that is different in a mesh, or the same thing in several of its clusters. */
export interface Change {
  /** Of which kind it is, a word for programs. */
  readonly kind: string;
  readonly impact: Impact;
  /** The clusters that it is about; none for the mesh. */
  readonly clusters: readonly string[];
  /** What is put into the sentence: the old, the new, and whatever else of the definition is in it. */
  readonly values: readonly string[];
  /** The sentence, which says nothing of a cluster by itself, so that those of several become one. */
  readonly says: (who: Who, values: readonly string[]) => string;
  /** What a reviewer must know of it, commands in backticks. */
  readonly consequence?: string;
}

/** Two meshes, of which the first became the second. */
export interface Compared {
  readonly before: MeshModel;
  readonly after: MeshModel;
  /** The file of the new definition, as commands name it. */
  readonly file: string;
}

/** A command in a consequence. */
export function command(text: string): string {
  return `\`${text.replace(/`/g, '\'')}\``;
}

/** Names in a sentence: `a, b and c`; of many the first ones. */
export function listed(names: readonly string[], most = Infinity): string {
  const told = names.length > most ? [...names.slice(0, most - 1), `${(names.length - most + 1).toLocaleString('en')} more`] : names;
  return told.length < 2 ? told.join('') : `${told.slice(0, -1).join(', ')} and ${told[told.length - 1]}`;
}
