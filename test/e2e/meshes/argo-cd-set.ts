import { GitOps, Installer, LinkDestination, Mesh, MeshApp, RemoteCredentials } from '../../../src';

/** As Applications, or as the ApplicationSet that makes them. */
const app = new MeshApp();
new Mesh(app, 'mesh1', {
  meshID: 'mesh1',
  istioVersion: '1.30.3',
  network: 'network1',
  apiServer: 'https://$(cluster).example.com:6443',
  installer: Installer.sail(),
  remoteCredentials: RemoteCredentials.linked({ into: LinkDestination.sealedSecrets() }),
  gitOps: GitOps.argoCd({
    repoURL: 'https://git.example.com/mesh.git', applicationSet: process.env.APPLICATION_SET === 'true',
  }),
  clusters: [{ name: 'cluster1' }, { name: 'cluster2' }],
});
app.synth();
