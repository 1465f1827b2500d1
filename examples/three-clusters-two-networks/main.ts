import { JsonPatch } from 'cdk8s';
import { istio, Mesh, MeshApp } from 'cdk8s-istio-mesh';
import { StrictMtls } from './strict-mtls';

const app = new MeshApp();

const mesh = new Mesh(app, 'mesh1', {
  meshID: 'mesh1',
  istioVersion: '1.31.0',

  // Said once for all clusters. In TypeScript each field is spelled as cdk8s spells it (`excludeIpRanges`); in the manifests it has
  // Istio's own spelling (`excludeIPRanges`).
  values: {
    global: { proxy: { excludeIpRanges: '169.254.169.254/32' } }, // the cloud's metadata service, past the sidecar
    pilot: { autoscaleMin: 2 },
  },
  meshConfig: {
    outboundTrafficPolicy: { mode: istio.IstioOperatorSpecMeshConfigOutboundTrafficPolicyMode.REGISTRY_ONLY }, // nothing outside the mesh
  },

  acknowledge: { IM049: 'a firewall before the gateways admits the other clusters alone' },

  clusters: [
    { name: 'cluster1', network: 'network1', apiServer: 'https://cluster1.example.com:6443' },
    { name: 'cluster2', network: 'network2', apiServer: 'https://cluster2.example.com:6443' },
    {
      name: 'cluster3',
      network: 'network2',
      apiServer: 'https://cluster3.example.com:6443',
      values: { pilot: { autoscaleMin: 1 } }, // a small cluster; everything else stays as the mesh has it
    },
  ],
});

// istiod reads policies from its own cluster alone, so that each cluster needs the same one.
for (const cluster of mesh.clusters) {
  new StrictMtls(cluster, 'strict-mtls');
}

// What no property says can be patched. The gateway of cluster1 is the one way into network1, so that an update must not shrink it.
mesh.cluster('cluster1').eastWestGateway!.installation.addJsonPatch(
  JsonPatch.add('/spec/components/ingressGateways/0/k8s/strategy', { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }),
);

app.synth();
