import { LoadBalancer, Mesh, MeshApp, RemoteCredentials } from 'cdk8s-istio-mesh';

const app = new MeshApp();

// The addresses that each cluster's traffic comes from, as the other sees it: those of its NAT gateways.
const egressOfCluster1 = ['198.51.100.0/28'];
const egressOfCluster2 = ['203.0.113.0/28'];

new Mesh(app, 'mesh1', {
  meshID: 'mesh1',
  istioVersion: '1.31.0',
  remoteCredentials: RemoteCredentials.linked(), // also the default: no token is in the tree, so that it can go to git as it is
  clusters: [
    {
      name: 'cluster1',
      network: 'network1',
      apiServer: 'https://cluster1.example.com:6443',
      // Two networks, so that each cluster gets an east-west gateway without being asked for one.
      eastWestGateway: {
        loadBalancer: LoadBalancer.aws(),
        service: { loadBalancerSourceRanges: egressOfCluster2 }, // mutual TLS keeps strangers out, this keeps them away
      },
    },
    {
      name: 'cluster2',
      network: 'network2',
      apiServer: 'https://cluster2.example.com:6443',
      eastWestGateway: {
        loadBalancer: LoadBalancer.gke(),
        service: { loadBalancerSourceRanges: egressOfCluster1 },
      },
    },
  ],
});

app.synth();
