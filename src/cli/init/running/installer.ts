import { istiodName } from '../../../istio/revisions';
import type { LiveObject } from '../../clusters/kubectl';

/** The installer of a control plane, and notes about it. */
export interface RunningInstaller {
  /** The value of `installer`; undefined for istioctl, the default. */
  readonly installer?: string;
  readonly notes: readonly string[];
}

const HELM_RELEASE = 'meta.helm.sh/release-name';

/** Labels and annotations with which GitOps tools mark the objects that they apply. */
const GIT_OPS_MARKS: { readonly [tool: string]: RegExp } = {
  'Argo CD': /^argocd\.argoproj\.io\//,
  'Flux': /^(kustomize|helm)\.toolkit\.fluxcd\.io\//,
};

/** Detects the tools that installed istiod and apply it. */
export function runningInstaller(cluster: string, istiod: LiveObject, revision: string): RunningInstaller {
  const { installer, notes } = installerOf(istiod, revision);
  return { installer, notes: [...notes, ...gitOpsNotes(istiod)].map(note => `'${cluster}': ${note}`) };
}

function installerOf({ metadata }: LiveObject, revision: string): RunningInstaller {
  const { labels = {}, annotations = {}, ownerReferences = [] } = metadata;
  if (ownerReferences.some(({ kind }) => kind === 'IstioRevision')) {
    return {
      installer: 'sail',
      notes: ['the Sail operator installed istiod; compare the generated Istio resource with yours, '
        + 'especially its name and updateStrategy'],
    };
  }
  if (annotations[HELM_RELEASE] !== undefined) {
    return { installer: 'helm', notes: releaseNotes(annotations[HELM_RELEASE], istiodName(revision)) };
  }
  if (labels['operator.istio.io/managed'] !== undefined) {
    return { notes: [] };
  }
  return {
    installer: 'rendered',
    notes: ['istiod has no labels of istioctl install, Helm or the Sail operator; the mesh definition sets '
      + 'installer: rendered, which applies plain manifests with kubectl'],
  };
}

function releaseNotes(release: string, generatedRelease: string): string[] {
  return release === generatedRelease ? []
    : [`the Helm release of istiod is named '${release}', but the commands of synth name it '${generatedRelease}', `
      + `which Helm rejects; write '${release}' into the commands`];
}

function gitOpsNotes({ metadata: { labels, annotations } }: LiveObject): string[] {
  const keys = Object.keys({ ...labels, ...annotations });
  return Object.entries(GIT_OPS_MARKS)
    .filter(([, mark]) => keys.some(key => mark.test(key)))
    .map(([tool]) => `${tool} applies istiod and reverts changes to it; stop it before you apply generated manifests`);
}
