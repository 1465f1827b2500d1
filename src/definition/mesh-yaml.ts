import type { MeshModel } from './mesh-model';
import { absolutePath, isAbsolute, relativePath } from '../util/host/files';
import { toYaml } from '../util/yaml-text';

const HEADER = '# The mesh that this tree was made of, with every setting at its cluster. Made by cdk8s-istio-mesh; do not edit.\n';

/**
 * The resolved definition in the file's own schema: what commands read. It holds references to secrets, never a secret.
 *
 * @param outdir directory that the file is written to, from which its paths start
 */
export function meshYaml(model: MeshModel, outdir: string): string {
  const fromHere = (path: string) => isAbsolute(path) ? path : relativePath(outdir, absolutePath(model.directory, path));
  const clusters = model.clusters.map(({ name, settings, resources, trust, remoteCredentials }) => ({
    name, // first
    ...settings,
    ...settings.trust !== undefined && { trust: trust._serializedFor(fromHere) },
    ...settings.remoteCredentials !== undefined && { remoteCredentials: remoteCredentials._serializedFor(fromHere) },
    ...resources.length > 0 && { resources: resources.map(fromHere) },
  }));
  const gitOps = model.gitOps && { gitOps: model.gitOps._serialized };
  const acknowledged = Object.keys(model.acknowledge).length > 0 && { acknowledge: model.acknowledge };
  return HEADER + toYaml(withoutSecrets({ meshID: model.meshID, ...gitOps, ...acknowledged, clusters }));
}

/** A secret that code gives in plain text is left empty, which the schema takes and synth refuses. */
function withoutSecrets(value: object): object {
  return JSON.parse(JSON.stringify(value, (key, entry) => key === 'unsafePlainText' ? '' : entry));
}
