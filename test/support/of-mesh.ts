/** Files of a tree that are of the mesh and not of one cluster. */
export const OF_MESH = ['mesh.md', 'mesh.svg', 'mesh.yaml'];
