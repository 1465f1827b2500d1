import { LoadBalancer, Mesh, MeshApp, RemoteCredentials } from 'cdk8s-istio-mesh';

const app = new MeshApp();

// The source addresses of each cluster's traffic, as the other cluster sees them: those of its NAT gateways.
const egressOfCluster1 = ['198.51.100.0/28'];
const egressOfCluster2 = ['203.0.113.0/28'];

new Mesh(app, 'mesh1', {
  meshID: 'mesh1',
  istioVersion: '1.31.0',
  remoteCredentials: RemoteCredentials.linked(), // the default: the output has no tokens, so you can commit it
  clusters: [
    {
      name: 'cluster1',
      network: 'network1',
      apiServer: 'https://cluster1.example.com:6443',
      // The clusters are on different networks, so each gets an east-west gateway by default.
      eastWestGateway: {
        loadBalancer: LoadBalancer.aws(),
        service: { loadBalancerSourceRanges: egressOfCluster2 }, // limits who can connect, in addition to mutual TLS
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
