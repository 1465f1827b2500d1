import { FakeIstioctls } from './fake-istioctl';
import { pages } from './markdown';
import { treeOf, twoNetworks } from './mesh-util';
import { GitOps, Installer, MeshProps, RemoteCredentials, SecretValue, Trust } from '../src';

/** The paths of the page, words in capitals standing for names. */
const ROWS = [...pages().find(({ path }) => path === 'docs/reference/tree.md')!.text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, row]) => row);

/** Rows of files that synth does not write yet. */
const TO_COME = ['mesh.md', 'mesh.svg'];

const secretStoreRef = { name: 'vault' };
const argoCd = (applicationSet?: boolean) => GitOps.argoCd({ repoURL: 'https://git.example.com/mesh.git', applicationSet });
const MESHES: ReadonlyArray<Partial<MeshProps>> = [
  { revision: '1-31-0', canary: { revision: '1-32-0', istioVersion: '1.32.0' }, revisionTags: { default: '1-32-0' }, eastWestGateway: { networkPolicy: {} } },
  { trust: Trust.certManager({ issuerRef: { name: 'root' } }), remoteCredentials: RemoteCredentials.externalSecrets({ secretStoreRef }) },
  { trust: Trust.externalSecrets({ secretStoreRef }), remoteCredentials: RemoteCredentials.plainToken(SecretValue.env('ISTIO_MESH_TEST_TOKEN')) },
  { installer: Installer.sail(), gitOps: argoCd(true), revisionTags: { prod: 'default' } },
  { installer: Installer.helm(), resources: ['examples/mesh-file/manifests/*.yaml'] },
  { installer: Installer.helm(), gitOps: argoCd() },
  { installer: Installer.helm(), gitOps: GitOps.flux() },
  { installer: Installer.rendered() },
];

function pattern(row: string): RegExp {
  return new RegExp(`^${row.replace(/[.]/g, '\\.').replace(/[A-Z]{2,}/g, '[^/]+')}$`);
}

test('the page of the tree has a row for each file, and a file for each row', () => {
  const istioctls = new FakeIstioctls();
  istioctls.add('istioctl');
  process.env.ISTIO_MESH_TEST_TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.eA';
  const files = istioctls.onPath(() => MESHES.flatMap(props => Object.keys(treeOf(twoNetworks({ acknowledge: { IM049: 'test', IM036: 'test' }, ...props })))));
  expect(ROWS.length).toBeGreaterThan(30);
  expect(ROWS.filter(row => !files.some(file => pattern(row).test(file)) && !TO_COME.includes(row))).toEqual([]);
  expect(files.filter(file => !ROWS.some(row => pattern(row).test(file)))).toEqual([]);
}, 60_000);
