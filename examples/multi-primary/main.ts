import { GatewayInstall, Mesh, MeshApp } from 'cdk8s-istio-mesh';

const app = new MeshApp();

new Mesh(app, 'mesh1', {
  meshID: 'mesh1',
  istioVersion: '1.31.0',
  network: 'network1', // for both clusters: their pods reach each other directly
  eastWestGateway: { install: GatewayInstall.ALWAYS }, // as in Istio's guide; not needed on a single network
  acknowledge: {
    IM049: 'the guide has public gateways, and warns of them, too',
    IM053: 'the guide has gateways on one network',
  },
  clusters: [
    { name: 'cluster1', apiServer: 'https://cluster1.example.com:6443' },
    { name: 'cluster2', apiServer: 'https://cluster2.example.com:6443' },
  ],
});

app.synth();
