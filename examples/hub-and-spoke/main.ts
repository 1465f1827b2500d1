import { Mesh, MeshApp } from 'cdk8s-istio-mesh';

const app = new MeshApp();

const spokes = ['spoke1', 'spoke2']; // one name more is one cluster more

new Mesh(app, 'mesh1', {
  meshID: 'mesh1',
  istioVersion: '1.31.0',
  acknowledge: { IM049: 'hub and spokes meet on a private network' },
  clusters: [
    {
      name: 'hub', // names no peers, so that it is ready to link with everybody
      network: 'network-hub',
      apiServer: 'https://hub.example.com:6443',
      eastWestGateway: { autoscaling: { minReplicas: 2 } }, // every spoke comes through it
    },
    ...spokes.map(name => ({
      name,
      network: `network-${name}`,
      apiServer: `https://${name}.example.com:6443`,
      peers: ['hub'], // two clusters are linked when each names the other, so that no spoke is linked with a spoke
    })),
  ],
});

app.synth();
