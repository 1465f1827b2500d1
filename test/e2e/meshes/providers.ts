import {
  GatewayInstall, GitOps, Installer, istio, LinkDestination, LoadBalancer, Mesh, MeshApp, ReaderRole,
  RemoteCredentials, SailUpdateStrategyType,
  SecretValue, TokenSlot, Trust,
} from '../../../src';

/** A mesh with each shape that a property has in another language; providers.py is the same. */
const app = new MeshApp();
new Mesh(app, 'mesh1', {
  meshID: 'mesh1',
  istioVersion: '1.30.3',
  apiServer: 'https://$(cluster).example.com:6443',
  network: 'network-$(cluster)',
  gitOps: GitOps.argoCd({ repoURL: 'https://git.example.com/mesh.git', targetRevision: 'main', automated: true }),
  acknowledge: { IM049: 'the firewall', IM036: 'a public authority' },
  defaults: { eastWestGateway: { podAnnotations: { 'example.com/owner': 'mesh' } } },
  meshConfig: {
    accessLogFile: '/dev/stdout',
    defaultConfig: { proxyMetadata: { ZONE: 'a', BACKUP: 'b' } },
    outboundTrafficPolicy: { mode: istio.IstioOperatorSpecMeshConfigOutboundTrafficPolicyMode.REGISTRY_ONLY },
  },
  clusters: [
    {
      name: 'cluster1',
      installer: Installer.helm(),
      trust: Trust.certManager({
        issuerRef: { name: 'mesh-root', kind: 'ClusterIssuer' },
        duration: '2160h',
        privateKey: { algorithm: 'ECDSA', size: 256 },
      }),
      remoteCredentials:
        RemoteCredentials.externalSecrets({ secretStoreRef: { name: 'vault' }, property: 'kubeconfig' }),
      reader: { activeToken: TokenSlot.GREEN, role: ReaderRole.FULL },
      peers: ['cluster2', 'cluster3'],
      eastWestGateway: {
        install: GatewayInstall.ALWAYS,
        ports: [{ name: 'status-port', port: 15021, targetPort: 15021 },
          { name: 'tls', port: 15443, targetPort: 15443, nodePort: 31443 }],
        loadBalancer: LoadBalancer.aws({ internal: true, preserveClientIP: true }),
        service: {
          annotations: { 'example.com/b': '2', 'example.com/a': '1' },
          loadBalancerSourceRanges: ['10.0.0.0/8'],
          externalIPs: ['192.0.2.1'],
        },
        networkPolicy: { ipBlocks: ['10.0.0.0/8'] },
        autoscaling: { enabled: true, minReplicas: 2, maxReplicas: 5, targetCPUUtilizationPercentage: 70 },
        podDisruptionBudget: { minAvailable: 1 },
        nodeSelector: { 'kubernetes.io/os': 'linux' },
        env: { ISTIO_META_EXAMPLE: 'yes' },
      },
      values: { pilot: { env: { PILOT_B: 'true', PILOT_A: 1 }, autoscaleMin: 2 } },
    },
    {
      name: 'cluster2',
      installer: Installer.sail({ updateStrategy: { type: SailUpdateStrategyType.REVISION_BASED } }),
      trust: Trust.externalSecrets({ secretStoreRef: { name: 'vault' } }),
      remoteCredentials: RemoteCredentials.plainToken(SecretValue.env('ISTIO_TOKEN_$(cluster)')),
      revisionTags: { stable: 'default', default: 'default' },
      eastWestGateway: { loadBalancer: LoadBalancer.metalLb('east-west') },
      exposedServices: { hosts: ['*.local', '*.sample.svc.cluster.local'] },
    },
    {
      name: 'cluster3',
      installer: Installer.sail(),
      remoteCredentials: RemoteCredentials.linked({ into: LinkDestination.sealedSecrets() }),
      eastWestGateway: { loadBalancer: LoadBalancer.nodePort({ 'example.com/edge': 'true' }) },
      resources: ['examples/mesh-file/manifests/*.yaml'],
    },
  ],
});
app.synth();
