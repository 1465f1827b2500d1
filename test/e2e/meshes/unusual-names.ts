import { Mesh, MeshApp, RemoteCredentials, SecretValue } from 'cdk8s-istio-mesh';

const app = new MeshApp();

const linked = process.env.ISTIO_TOKEN_007 !== undefined; // the second synth, when the readers have tokens

new Mesh(app, 'mesh', {
  meshID: '1e3',
  istioVersion: '1.31.0',
  revision: '1-31-0',
  meshConfig: { trustDomain: 'mesh.example.org' },
  apiServer: 'https://$(cluster).example.com:6443',
  remoteCredentials: linked ? RemoteCredentials.plainToken(SecretValue.env('ISTIO_TOKEN_$(cluster)'))
    : RemoteCredentials.linked(),
  clusters: [
    { name: '007', network: '1.5', caData: process.env.ISTIO_CA_007 },
    { name: '0x1f', network: 'on', caData: process.env.ISTIO_CA_0X1F },
  ],
});

app.synth();
