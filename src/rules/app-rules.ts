import { type RuleText, Severity } from '../core/rule';

const CHARTS = 'https://cdk8s.io/docs/latest/basics/chart/';
const ESCAPE_HATCHES = 'https://cdk8s.io/docs/latest/basics/escape-hatches/';

/** Rules for the charts and objects of an app, which ensure that each has its own place in the output directory. */
export const APP_RULES = {
  manifest: {
    code: 'IM063',
    severity: Severity.ERROR,
    title: 'an object is still a manifest after its patches',
    symptom: 'kubectl rejects the directory, or the file has no name',
    fix: 'keep apiVersion, kind and metadata.name',
    see: ESCAPE_HATCHES,
  },
  identity: {
    code: 'IM064',
    severity: Severity.ERROR,
    title: 'an object is created only once in a cluster',
    symptom: 'the second object replaces the first one when it is applied',
    fix: 'remove one of them, or rename it',
    see: CHARTS,
  },
  file: {
    code: 'IM065',
    severity: Severity.ERROR,
    title: 'each object has its own file',
    symptom: 'one of the two objects is missing from the output directory',
    fix: 'rename one of them, or put it into its own chart',
    see: CHARTS,
  },
  chartId: {
    code: 'IM066',
    severity: Severity.ERROR,
    title: 'the id of a chart is a DNS label, and not the name of a reserved directory',
    symptom: 'the directory of the chart is mistaken for GitOps objects, or its name is not a valid cluster name',
    fix: 'change the id of the chart',
    see: CHARTS,
  },
  directory: {
    code: 'IM067',
    severity: Severity.ERROR,
    title: 'each directory belongs to one chart',
    symptom: 'the kustomization of the second chart replaces that of the first one, whose objects are not applied',
    fix: 'change the id of the chart',
    see: CHARTS,
  },
  mesh: {
    code: 'IM068',
    severity: Severity.ERROR,
    title: 'a MeshApp contains only one mesh',
    symptom: 'mesh.yaml describes only one of the meshes, and the commands do not know the others',
    fix: 'create a MeshApp for each mesh',
    see: CHARTS,
  },
  keys: {
    code: 'IM069',
    severity: Severity.ERROR,
    title: 'private keys are outside of the output directory',
    symptom: 'they are committed with the generated manifests, or deleted by the next cdk8s synth',
    fix: 'use a PEM directory outside of the output directory',
    see: 'https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/',
  },
  links: {
    code: 'IM081',
    severity: Severity.ERROR,
    title: 'the output directory is not the directory of the remote secrets',
    symptom: 'cdk8s synth deletes the files of the remote secrets, and the GitOps tool deletes them from the clusters',
    fix: 'use an output directory with a name other than links',
    see: 'https://opengitops.dev/',
  },
  program: {
    code: 'IM091',
    severity: Severity.ERROR,
    title: 'manifests are rendered by istioctl of the configured Istio version',
    symptom: 'images, webhooks and CRDs have a different version than the mesh',
    fix: 'install istioctl of that version, or set the path of the program',
    see: 'https://istio.io/latest/docs/setup/additional-setup/download-istio-release/',
  },
  rendered: {
    code: 'IM092',
    severity: Severity.ERROR,
    title: 'istioctl can render the manifests',
    symptom: 'a cluster has no control plane or no gateway',
    fix: 'correct the setting that istioctl reports',
    see: 'https://istio.io/latest/docs/reference/commands/istioctl/#istioctl-manifest-generate',
  },
} as const satisfies { readonly [name: string]: RuleText };
