import { Chart } from 'cdk8s';
import {
  EastWestGateway, ExposedServices, IstioPrimary, IstioReader, MeshApp, RemoteCredentials, RemoteSecret, SecretValue,
} from 'cdk8s-istio-mesh';

const clusters = [
  {
    name: 'cluster1',
    network: 'network1',
    apiServer: 'https://cluster1.example.com:6443',
    token: 'ISTIO_TOKEN_CLUSTER1',
    ca: 'ISTIO_CA_CLUSTER1',
  },
  {
    name: 'cluster2',
    network: 'network2',
    apiServer: 'https://cluster2.example.com:6443',
    token: 'ISTIO_TOKEN_CLUSTER2',
    ca: 'ISTIO_CA_CLUSTER2',
  },
];

const app = new MeshApp(); // writes one directory per chart, named after the chart's id

for (const { name, network } of clusters) {
  const chart = new Chart(app, name);

  new IstioPrimary(chart, 'istio', { meshID: 'mesh1', clusterName: name, network });
  new IstioReader(chart, 'reader');
  const gateway = new EastWestGateway(chart, 'east-west-gateway', { network });
  new ExposedServices(chart, 'exposed-services', { gateway }); // uses the gateway's labels and port

  // A cluster's token exists only after its reader from the first synth has been applied. Without tokens, no remote
  // secrets are generated. Set the variables and synthesize again, or leave them unset and create the remote secrets
  // with istioctl.
  const peers = clusters.filter(peer => peer.name !== name && process.env[peer.token]);
  for (const peer of peers) {
    new RemoteSecret(chart, `remote-secret-${peer.name}`, {
      clusterName: peer.name,
      apiServer: peer.apiServer,
      caData: process.env[peer.ca],
      credentials: RemoteCredentials.plainToken(SecretValue.env(peer.token)),
    });
  }
}

app.synth();
