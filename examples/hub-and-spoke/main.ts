import { Mesh, MeshApp } from 'cdk8s-istio-mesh';

const app = new MeshApp();

const spokes = ['spoke1', 'spoke2']; // add a name to add a cluster

new Mesh(app, 'mesh1', {
  meshID: 'mesh1',
  istioVersion: '1.31.0',
  acknowledge: { IM049: 'hub and spokes meet on a private network' },
  clusters: [
    {
      name: 'hub', // sets no peers: by default it accepts links with every cluster
      network: 'network-hub',
      apiServer: 'https://hub.example.com:6443',
      eastWestGateway: { autoscaling: { minReplicas: 2 } }, // traffic from every spoke goes through it
    },
    ...spokes.map(name => ({
      name,
      network: `network-${name}`,
      apiServer: `https://${name}.example.com:6443`,
      peers: ['hub'], // clusters are linked if each names the other, so spokes are not linked with each other
    })),
  ],
});

app.synth();
