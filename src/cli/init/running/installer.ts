import { istiodName } from '../../../istio/revisions';
import type { LiveObject } from '../../clusters/kubectl';

/** Who installed a control plane, and what its author should know of that. */
export interface RunningInstaller {
  /** In the words of `installer`; undefined for istioctl, the default. */
  readonly installer?: string;
  readonly notes: readonly string[];
}

const RELEASE = 'meta.helm.sh/release-name';

/** Labels and annotations by which GitOps tools know what they apply. */
const GIT_OPS: { readonly [tool: string]: RegExp } = {
  'Argo CD': /^argocd\.argoproj\.io\//,
  'Flux': /^(kustomize|helm)\.toolkit\.fluxcd\.io\//,
};

/** Who installed an istiod. */
export function runningInstaller(cluster: string, istiod: LiveObject, revision: string): RunningInstaller {
  const { labels = {}, annotations = {} } = istiod.metadata;
  const tools = Object.entries(GIT_OPS).filter(([, mark]) => Object.keys({ ...labels, ...annotations }).some(key => mark.test(key)));
  const { installer, notes } = installerOf(istiod, revision);
  return {
    installer,
    notes: [...notes, ...tools.map(([tool]) => `${tool} applies istiod, and writes back what it has; stop it before anything of the tree is applied`)]
      .map(note => `'${cluster}': ${note}`),
  };
}

function installerOf({ metadata: { labels = {}, annotations = {}, ownerReferences = [] } }: LiveObject, revision: string): RunningInstaller {
  if (ownerReferences.some(({ kind }) => kind === 'IstioRevision')) {
    return { installer: 'sail', notes: ['the Sail operator installed istiod; compare the tree\'s Istio with yours, above all its name and updateStrategy'] };
  }
  const release = annotations[RELEASE];
  if (release !== undefined) {
    const own = istiodName(revision);
    return {
      installer: 'helm',
      notes: release === own ? []
        : [`Helm's release of istiod is '${release}', and the tree's is '${own}', which Helm refuses beside it; write '${release}' into the command`],
    };
  }
  return labels['operator.istio.io/managed'] !== undefined ? { notes: [] }
    : { installer: 'rendered', notes: ['nothing tells that istioctl install, Helm or the Sail operator installed istiod; the file has installer: rendered, for kubectl'] };
}
