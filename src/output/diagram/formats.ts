import { meshGraph } from './build-graph';
import { dot } from './dot';
import { mermaid } from './mermaid';
import { svg } from './svg';
import type { MeshModel } from '../../definition/mesh-model';

/** Functions that draw the diagram of a mesh, by the name of the format. */
export const DIAGRAM_FORMATS: { readonly [name: string]: (model: MeshModel) => string } = {
  svg: model => svg(model)(),
  mermaid,
  dot: model => dot(meshGraph(model)),
};
