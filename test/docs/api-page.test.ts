import { readFileSync } from 'fs';
import { join } from 'path';

const read = (path: string) => readFileSync(join(__dirname, '..', '..', path), 'utf-8');
const page = read('API.md');
const sections = new Map(page.split(/^### /m).slice(1).map(text => [text.split('\n')[0], text]));

/** What src/index.ts exports, but for the namespace of Istio's types. */
const exported = [
  ...read('src/index.ts').matchAll(/^export (?:type )?\{([^}]*)\}/gm),
].flatMap(([, names]) => names.split(',').map(name => name.trim()).filter(Boolean));

test('API.md has a section for everything that is exported, and for none of the imported Istio types', () => {
  expect(exported.length).toBeGreaterThan(70);
  expect([...sections.keys()].sort()).toEqual([...exported].sort());
});

test('every section of API.md says what it is of', () => {
  expect([...sections].filter(([, text]) => text.split('\n')[2] === '').map(([name]) => name)).toEqual([]);
});

test('every link within API.md leads to a section', () => {
  const links = [...page.matchAll(/\]\(#([\w-]+)\)/g)].map(([, anchor]) => anchor);
  expect(links.length).toBeGreaterThan(50);
  const anchors = [...sections.keys()].map(name => name.toLowerCase());
  expect(links.filter(anchor => !anchors.includes(anchor))).toEqual([]);
});

test('an imported type is named in API.md, and leads to Istio\'s reference', () => {
  expect(sections.get('ControlPlaneOptions')).toContain('| `values` | `values` | [`istio.IstioOperatorSpecValues`](https://istio.io/latest/docs/reference/config/istio.operator.v1alpha1/) |');
  expect(sections.get('ControlPlaneOptions')).toContain('[`istio.IstioOperatorSpecMeshConfig`](https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/)');
});

test('API.md spells names as jsii does in Python, also where capitals stand together', () => {
  expect(sections.get('MeshProps')).toContain('| `meshID` (required) | `mesh_id` | `string` |');
  expect(sections.get('EastWestGatewayService')).toContain('| `externalIPs` | `external_i_ps` |');
  expect(sections.get('Trust'))
    .toContain('| `Trust.certManager(options: CertManagerTrustOptions)` | '
      + '`Trust.cert_manager(**CertManagerTrustOptions)` |');
});
