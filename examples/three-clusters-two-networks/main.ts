import { JsonPatch } from 'cdk8s';
import { istio, Mesh, MeshApp } from 'cdk8s-istio-mesh';
import { StrictMtls } from './strict-mtls';

const app = new MeshApp();

const mesh = new Mesh(app, 'mesh1', {
  meshID: 'mesh1',
  istioVersion: '1.31.0',

  // Shared by all clusters. In TypeScript, field names have the cdk8s spelling (`excludeIpRanges`). The manifests have
  // Istio's spelling (`excludeIPRanges`).
  values: {
    global: { proxy: { excludeIpRanges: '169.254.169.254/32' } }, // bypass the sidecar for the cloud's metadata service
    pilot: { autoscaleMin: 2 },
  },
  meshConfig: {
    // Block traffic to destinations outside the mesh.
    outboundTrafficPolicy: { mode: istio.IstioOperatorSpecMeshConfigOutboundTrafficPolicyMode.REGISTRY_ONLY },
  },

  acknowledge: { IM049: 'a firewall before the gateways admits only the other clusters' },

  clusters: [
    { name: 'cluster1', network: 'network1', apiServer: 'https://cluster1.example.com:6443' },
    { name: 'cluster2', network: 'network2', apiServer: 'https://cluster2.example.com:6443' },
    {
      name: 'cluster3',
      network: 'network2',
      apiServer: 'https://cluster3.example.com:6443',
      values: { pilot: { autoscaleMin: 1 } }, // a small cluster; it inherits all other settings from the mesh
    },
  ],
});

// istiod reads policies only from its own cluster, so each cluster needs the same policy.
for (const cluster of mesh.clusters) {
  new StrictMtls(cluster, 'strict-mtls');
}

// Patch a field that has no property. The gateway of cluster1 is the only entry to network1, so a rolling update must
// not reduce the number of its pods.
mesh.cluster('cluster1').eastWestGateway!.installation.addJsonPatch(
  JsonPatch.add('/spec/components/ingressGateways/0/k8s/strategy',
    { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }),
);

app.synth();
