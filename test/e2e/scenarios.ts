import { ArgoCdChangesScenario } from './argo-cd-changes-scenario';
import { ArgoCdExpressionsScenario } from './argo-cd-expressions-scenario';
import { ArgoCdScenario } from './argo-cd-scenario';
import { CanaryScenario } from './canary-scenario';
import { CustomResourcesScenario } from './custom-resources-scenario';
import { ExamplesScenario } from './examples-scenario';
import { ExternalSecrets } from './external-secrets';
import { FailingScenario } from './failing-scenario';
import { Flux } from './flux';
import { HelmValuesScenario } from './helm-values-scenario';
import { Helm, Rendered, Sail } from './installers';
import { LinksScenario } from './links-scenario';
import { type MeshScenarioProps, MeshScenario } from './mesh-scenario';
import { PruningScenario } from './pruning-scenario';
import { PythonScenario } from './python-scenario';
import { RandomMeshesScenario } from './random-meshes-scenario';
import { ReadmeScenario } from './readme-scenario';
import { RotationScenario } from './rotation-scenario';
import { RunbookScenario } from './runbook-scenario';
import type { Scenario } from './scenario';
import { SealedSecrets } from './sealed-secrets';
import { Sops } from './sops';
import { TakeOverScenario } from './take-over-scenario';
import { UpgradeScenario } from './upgrade-scenario';

const ONE_NETWORK = { cluster1: 'network1', cluster2: 'network1' };
const TWO_NETWORKS = { cluster1: 'network1', cluster2: 'network2' };
const NETWORK_EACH = { cluster1: 'network-cluster1', cluster2: 'network-cluster2' };

/** Two clusters on two networks, with their links in the tree. */
const constructsOnly: Omit<MeshScenarioProps, 'name'> = {
  mesh: 'examples/constructs-only/main.ts', clusters: TWO_NETWORKS,
};

/** Peers whose role has no Secrets. */
const minimalReader: Omit<MeshScenarioProps, 'name'> = {
  mesh: 'test/e2e/meshes/minimal-reader.yaml', clusters: ONE_NETWORK, linked: true,
};

const onlyItself = { cluster1: ['cluster1'], cluster2: ['cluster2'] };

/** A mesh that Flux applies, and what becomes of later commits. */
function fluxScenario(): Scenario {
  const flux = new Flux();
  return new MeshScenario({
    name: 'flux',
    mesh: 'test/e2e/meshes/flux.yaml',
    clusters: { cluster1: 'network-cluster1', cluster2: 'network-cluster2' },
    linked: flux,
    installer: flux,
    afterwards: (lab, tree) => flux.afterwards(lab, tree),
  });
}

/** Everything that is shown on real programs. */
export const SCENARIOS: readonly Scenario[] = [
  new MeshScenario({
    name: 'one-network',
    mesh: 'examples/multi-primary/main.ts',
    clusters: ONE_NETWORK,
    linked: true,
  }),
  new MeshScenario({
    name: 'two-networks',
    mesh: 'examples/multi-primary-multi-network/main.ts',
    clusters: TWO_NETWORKS,
    linked: true,
  }),
  new MeshScenario({
    name: 'three-clusters-two-networks',
    mesh: 'examples/three-clusters-two-networks/main.ts',
    clusters: { cluster1: 'network1', cluster2: 'network2', cluster3: 'network2' },
    linked: true,
  }),
  new MeshScenario({
    name: 'hub-and-spoke',
    mesh: 'examples/hub-and-spoke/main.ts',
    clusters: { hub: 'network-hub', spoke1: 'network-spoke1', spoke2: 'network-spoke2' },
    linked: true,
    knows: { hub: ['hub', 'spoke1', 'spoke2'], spoke1: ['hub', 'spoke1'], spoke2: ['hub', 'spoke2'] },
  }),
  new MeshScenario({
    name: 'unusual-names',
    mesh: 'test/e2e/meshes/unusual-names.ts',
    clusters: { '007': '1.5', '0x1f': 'on' },
    revision: '1-31-0',
    meshID: '1e3',
    trustDomain: 'mesh.example.org',
  }),
  new MeshScenario({
    name: 'narrowed-hosts',
    mesh: 'examples/mesh-file/mesh.yaml',
    clusters: { cluster1: 'network-cluster1', cluster2: 'network-cluster2', cluster3: 'network-cluster3' },
    linked: true,
    hearsElsewhere: { cluster1: ['cluster1'], cluster2: ['cluster2'], cluster3: ['cluster3'] },
  }),
  new MeshScenario({ name: 'constructs-only', ...constructsOnly }),
  new MeshScenario({
    name: 'external-secrets',
    mesh: 'test/e2e/meshes/external-secrets.yaml',
    clusters: ONE_NETWORK,
    linked: new ExternalSecrets(),
  }),
  new MeshScenario({
    name: 'sealed-secrets',
    mesh: 'test/e2e/meshes/sealed-secrets.yaml',
    clusters: ONE_NETWORK,
    linked: new SealedSecrets(),
  }),
  fluxScenario(),
  new MeshScenario({
    name: 'rendered',
    mesh: 'test/e2e/meshes/rendered.yaml',
    clusters: NETWORK_EACH,
    linked: true,
    installer: new Rendered(),
  }),
  new MeshScenario({
    name: 'helm', mesh: 'test/e2e/meshes/helm.yaml', clusters: NETWORK_EACH, linked: true, installer: new Helm(),
  }),
  new MeshScenario({
    name: 'sail',
    mesh: 'test/e2e/meshes/sail.yaml',
    clusters: NETWORK_EACH,
    linked: true,
    installer: new Sail(),
    revision: 'default-v1-31-latest',
  }),
  new MeshScenario({ name: 'sops', mesh: 'test/e2e/meshes/sops.yaml', clusters: ONE_NETWORK, linked: new Sops() }),

  // The controls: what the suite sees when something is wrong.
  new MeshScenario({
    name: 'control-no-common-root',
    ...constructsOnly,
    edit: { file: 'cacerts/cluster2.yaml', from: '"name":"cacerts"', to: '"name":"cacerts-of-nobody"' },
    hears: onlyItself,
  }),
  new MeshScenario({
    name: 'control-one-remote-secret-missing',
    ...constructsOnly,
    edit: { file: 'dist/cluster1/kustomization.yaml', from: '- 60-remote-secrets\n', to: '' },
    knows: { cluster1: ['cluster1'], cluster2: ['cluster1', 'cluster2'] },
  }),
  new MeshScenario({
    name: 'control-gateway-on-the-wrong-network',
    ...constructsOnly,
    edit: { file: 'dist/cluster2/istioctl/eastwest.yaml', from: 'network2', to: 'network3' },
    gatewayNetworks: { cluster2: 'network3' },
    hears: { cluster1: ['cluster1'], cluster2: ['cluster1', 'cluster2'] },
  }),

  // Istio's own error: what it does not make for such a peer it asks all the same whether it has synced.
  new FailingScenario(
    new MeshScenario({ name: 'minimal-reader', ...minimalReader }),
    'istiod is linked to a peer whose Secrets it is told to leave alone',
    '(*CredentialsController).HasSynced(0x0)',
  ),
  new MeshScenario({
    name: 'control-minimal-reader-and-secrets',
    ...minimalReader,
    edit: {
      file: 'dist/*/istioctl/control-plane.yaml',
      from: 'PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER: "false"',
      to: 'PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER: "true"',
    },
    givesUp: { cluster1: ['cluster2'], cluster2: ['cluster1'] },
  }),

  new ReadmeScenario(),
  new RunbookScenario(),
  LinksScenario.links(),
  LinksScenario.authorities(),
  new RotationScenario(),
  new CanaryScenario(),
  new ExamplesScenario(),
  new PythonScenario(),
  new RandomMeshesScenario(),
  new HelmValuesScenario(),
  new CustomResourcesScenario({
    name: 'custom-resources',
    meshes: [
      { mesh: 'test/e2e/meshes/trust.yaml', directories: ['*/10-trust'] },
      { mesh: 'examples/argo-cd/mesh.yaml', directories: ['argocd'] },
      { mesh: 'test/e2e/meshes/argo-cd-set.yaml', directories: ['argocd', 'argocd/health'] },
      { mesh: 'examples/flux/mesh.yaml', directories: ['flux/*'] },
      {
        mesh: 'test/e2e/meshes/flux-helm.yaml',
        directories: [
          'flux/*', 'flux/*/20-crds', 'flux/*/30-control-plane', 'flux/*/40-east-west-gateway', '*/60-remote-secrets',
        ],
      },
      { mesh: 'examples/sail/mesh.yaml', directories: ['*/30-control-plane', '*/40-east-west-gateway'] },
    ],
    control: {
      what: 'a misspelt field of a Certificate',
      file: 'dist/cluster1/10-trust/certificate-cacerts.yaml',
      from: 'issuerRef:',
      to: 'issuer:',
      refusal: '.spec.issuer: field not declared in schema',
    },
  }),
  new PruningScenario(),
  new ArgoCdExpressionsScenario(),
  new ArgoCdScenario(),
  new ArgoCdChangesScenario(),
  new TakeOverScenario(),
  new UpgradeScenario(),
];
