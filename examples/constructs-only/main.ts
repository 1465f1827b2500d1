import { Chart } from 'cdk8s';
import { EastWestGateway, ExposedServices, IstioPrimary, IstioReader, MeshApp, RemoteCredentials, RemoteSecret, SecretValue } from 'cdk8s-istio-mesh';

const clusters = [
  { name: 'cluster1', network: 'network1', apiServer: 'https://cluster1.example.com:6443', token: 'ISTIO_TOKEN_CLUSTER1', ca: 'ISTIO_CA_CLUSTER1' },
  { name: 'cluster2', network: 'network2', apiServer: 'https://cluster2.example.com:6443', token: 'ISTIO_TOKEN_CLUSTER2', ca: 'ISTIO_CA_CLUSTER2' },
];

const app = new MeshApp(); // writes a directory for every chart, named by the chart's id

for (const { name, network } of clusters) {
  const chart = new Chart(app, name);

  new IstioPrimary(chart, 'istio', { meshID: 'mesh1', clusterName: name, network });
  new IstioReader(chart, 'reader');
  const gateway = new EastWestGateway(chart, 'east-west-gateway', { network });
  new ExposedServices(chart, 'exposed-services', { gateway }); // takes the gateway's labels and port over

  // A token exists when its cluster's reader does, which the first synth brings. Without tokens there are no Secrets to make: synth
  // again when the variables are set, or leave them unset for good and make the links with istioctl.
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
