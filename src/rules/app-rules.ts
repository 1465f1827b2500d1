import type { RuleText } from '../core/rule';
import { Severity } from '../core/rule';

const CHARTS = 'https://cdk8s.io/docs/latest/basics/chart/';
const ESCAPE_HATCHES = 'https://cdk8s.io/docs/latest/basics/escape-hatches/';

/** What must hold between the charts and objects of an app, for each to have a place in its tree; judged where the tree is made. */
export const APP_RULES = {
  manifest: {
    code: 'IM063',
    severity: Severity.ERROR,
    title: 'an object is a manifest after its patches, too',
    symptom: 'kubectl refuses the directory, or the file has no name',
    fix: 'leave apiVersion, kind and metadata.name in place',
    see: ESCAPE_HATCHES,
  },
  identity: {
    code: 'IM064',
    severity: Severity.ERROR,
    title: 'an object is made once in a cluster',
    symptom: 'the second replaces the first as it is applied',
    fix: 'remove one, or name it differently',
    see: CHARTS,
  },
  file: {
    code: 'IM065',
    severity: Severity.ERROR,
    title: 'each object has a file of its own',
    symptom: 'one of two objects is not in the tree',
    fix: 'name one differently, or give it a chart of its own',
    see: CHARTS,
  },
  chartId: {
    code: 'IM066',
    severity: Severity.ERROR,
    title: 'the id of a chart is a DNS label that is no directory beside the clusters\'',
    symptom: 'the chart\'s directory is taken for GitOps objects, or no tool names a cluster like it',
    fix: 'give the chart another id',
    see: CHARTS,
  },
  directory: {
    code: 'IM067',
    severity: Severity.ERROR,
    title: 'a directory is that of one chart',
    symptom: 'the kustomization of the second replaces that of the first, whose objects are not applied',
    fix: 'give the chart another id',
    see: CHARTS,
  },
  mesh: {
    code: 'IM068',
    severity: Severity.ERROR,
    title: 'a MeshApp writes one mesh',
    symptom: 'mesh.yaml is that of one of them, and the commands know no other',
    fix: 'give each mesh a MeshApp of its own',
    see: CHARTS,
  },
  keys: {
    code: 'IM069',
    severity: Severity.ERROR,
    title: 'private keys do not lie in the output directory',
    symptom: 'they are committed with the tree, or gone after the next cdk8s synth',
    fix: 'name a PEM directory outside of it',
    see: 'https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/',
  },
  links: {
    code: 'IM081',
    severity: Severity.ERROR,
    title: 'the output directory is not the one that links are written to',
    symptom: 'cdk8s synth removes the links that are files, and GitOps every link in the clusters',
    fix: 'name the output directory something else than links',
    see: 'https://opengitops.dev/',
  },
  program: {
    code: 'IM091',
    severity: Severity.ERROR,
    title: 'what is rendered is rendered by the istioctl of its version',
    symptom: 'the images, webhooks and CRDs are those of another version than the mesh says',
    fix: 'install istioctl of that version, or name the program',
    see: 'https://istio.io/latest/docs/setup/additional-setup/download-istio-release/',
  },
  rendered: {
    code: 'IM092',
    severity: Severity.ERROR,
    title: 'istioctl renders what is to be rendered',
    symptom: 'a cluster has no control plane or no gateway',
    fix: 'correct the setting that istioctl names',
    see: 'https://istio.io/latest/docs/reference/commands/istioctl/#istioctl-manifest-generate',
  },
} as const satisfies { readonly [name: string]: RuleText };
