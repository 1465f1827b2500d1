import { type MeshProps, GitOps, Installer, RemoteCredentials, SecretValue, Trust } from '../../src';
import { APPLIED_STEPS } from '../../src/core/step';
import { FakeIstioctls } from '../support/fake-istioctl';
import { type Page, page, pages } from '../support/markdown';
import { treeOf, twoNetworks } from '../support/mesh-util';

/** The paths of the page, words in capitals standing for names. */
const ROWS = [
  ...pages().find(({ path }) => path === 'docs/reference/output-directory.md')!.text.matchAll(/^\| `([^`]+)` \|/gm),
].map(([, row]) => row);

const secretStoreRef = { name: 'vault' };
const argoCd = (applicationSet?: boolean) =>
  GitOps.argoCd({ repoURL: 'https://git.example.com/mesh.git', applicationSet });
const MESHES: ReadonlyArray<Partial<MeshProps>> = [
  {
    revision: '1-31-0',
    canary: { revision: '1-32-0', istioVersion: '1.32.0' },
    revisionTags: { default: '1-32-0' },
    eastWestGateway: { networkPolicy: {} },
  },
  {
    trust: Trust.certManager({ issuerRef: { name: 'root' } }),
    remoteCredentials: RemoteCredentials.externalSecrets({ secretStoreRef }),
  },
  {
    trust: Trust.externalSecrets({ secretStoreRef }),
    remoteCredentials: RemoteCredentials.plainToken(SecretValue.env('ISTIO_MESH_TEST_TOKEN')),
  },
  { installer: Installer.sail(), gitOps: argoCd(true), revisionTags: { prod: 'default' } },
  { installer: Installer.helm(), resources: ['examples/mesh-file/manifests/*.yaml'] },
  { installer: Installer.helm(), gitOps: argoCd() },
  { installer: Installer.helm(), gitOps: GitOps.flux() },
  { installer: Installer.rendered() },
];

/** Paths below `dist` that a page names, and that no row has. */
function unknownPaths({ path, text }: Page): string[] {
  const named = [
    ...text.matchAll(/(?<![\w/])dist\/([\w.$<>/-]+[\w>])/g),
  ].map(([, name]) => name.replace(/\$\w+|<\w+>/g, 'cluster1'));
  const isKnown = (name: string) =>
    ROWS.some(row => pattern(row.split('/').slice(0, name.split('/').length).join('/')).test(name));
  return named.filter(name => !isKnown(name)).map(name => `${path}: dist/${name}`);
}

function pattern(row: string): RegExp {
  return new RegExp(`^${row.replace(/[.]/g, '\\.').replace(/STEP/, `(${APPLIED_STEPS.join('|')})`)
    .replace(/[A-Z]{2,}/g, '[^/]+')}$`);
}

test('the page of the tree has a row for each file, and a file for each row', () => {
  const istioctls = new FakeIstioctls();
  istioctls.add('istioctl');
  process.env.ISTIO_MESH_TEST_TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.eA';
  const files =
    istioctls.onPath(() =>
      MESHES.flatMap(props =>
        Object.keys(treeOf(twoNetworks({ acknowledge: { IM049: 'test', IM036: 'test' }, ...props })))));
  expect(ROWS.length).toBeGreaterThan(30);
  expect(ROWS.filter(row => !files.some(file => pattern(row).test(file)))).toEqual([]);
  expect(files.filter(file => !ROWS.some(row => pattern(row).test(file)))).toEqual([]);
}, 60_000);

test('every path below dist that a page names is in the tree', () => {
  expect(unknownPaths(page('docs/x.md',
    'see `dist/$cluster/istioctl/east.yaml`, `dist/<cluster>/40-gateway` and `dist/cluster1/helm`')))
    .toEqual(['docs/x.md: dist/cluster1/istioctl/east.yaml', 'docs/x.md: dist/cluster1/40-gateway']);
  expect(pages().flatMap(unknownPaths)).toEqual([]);
});
