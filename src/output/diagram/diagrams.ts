import { dot } from './dot';
import { meshGraph } from './graph';
import { mermaid } from './mermaid';
import { svg } from './svg';
import type { MeshModel } from '../../definition/mesh-model';

/** Each form in which the picture of a mesh is written. */
export const PICTURES: { readonly [format: string]: (model: MeshModel) => string } = {
  svg: model => svg(model)(),
  mermaid,
  dot: model => dot(meshGraph(model)),
};
