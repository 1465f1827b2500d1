/**
 * Makes docs/diagrams: what synth draws of some meshes, as a browser shows it on a light and on a dark page, at two widths. Run it by hand after a
 * change of the picture: `npx tsx projenrc/pictures.ts`. It needs Chromium.
 */
import { execFileSync } from 'child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import type { ClusterProps } from '../src';
import { definitionOf } from '../src/definition/definition';
import { meshModel } from '../src/definition/mesh-model';
import { svg } from '../src/output/diagram/svg';

const REGIONS = ['eu-west', 'us-east', 'ap-south', 'us-west', 'eu-north', 'sa-east'];
const LOAD_BALANCERS = ['gke', { aws: { internal: true } }, { nodePort: { edge: 'true' } }];

function clusters(count: number, settings: (i: number) => object): ClusterProps[] {
  return Array.from({ length: count }, (_, i) => ({ name: `cluster${i + 1}`, ...settings(i) }));
}

const region = (i: number, count: number) => ({ network: REGIONS[i % count], eastWestGateway: { loadBalancer: LOAD_BALANCERS[i % count % 3] } });
const canary = { revision: '1-31-0', canary: { revision: '1-32-0', istioVersion: '1.32.0' }, revisionTags: { prod: '1-31-0', next: '1-32-0' } };

/** Each picture with the page that it is shown on. */
const PICTURES: Array<[name: string, clusters: ClusterProps[], width: number, height: number, isDark: boolean]> = [
  ['2-clusters', clusters(2, i => region(i, 2)), 480, 190, false],
  ['3-clusters', clusters(3, i => ({ ...region(i % 2, 2), ...i === 0 && canary })), 640, 420, false],
  ['3-clusters-dark', clusters(3, i => ({ ...region(i % 2, 2), ...i === 0 && canary })), 640, 420, true],
  ['12-clusters', clusters(12, i => region(i, 3)), 1280, 920, false],
  ['12-clusters-dark', clusters(12, i => region(i, 3)), 480, 580, true],
  ['60-clusters', clusters(60, i => region(i, 6)), 480, 1160, false],
  ['60-networks-dark', clusters(60, () => ({ network: '$(cluster)', eastWestGateway: { loadBalancer: 'gke' } })), 480, 600, true],
];

const CHROMIUM = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--hide-scrollbars'];

const directory = mkdtempSync(join(tmpdir(), 'istio-mesh-pictures-'));
for (const [name, of, width, height, isDark] of PICTURES) {
  const { model } = meshModel(definitionOf({ meshID: 'mesh1', istioVersion: '1.31.0', apiServer: 'https://$(cluster).example.com', clusters: of } as any));
  writeFileSync(join(directory, 'mesh.svg'), svg(model)());
  writeFileSync(join(directory, 'page.html'), `<meta name="color-scheme" content="light dark"><style>:root { color-scheme: light dark; } body { margin: 0; ${isDark ? 'background: #0d1117;' : ''} } img { max-width: 100%; }</style><img src="mesh.svg">`);
  execFileSync('chromium', [
    ...CHROMIUM, `--user-data-dir=${join(directory, 'profile')}`, `--screenshot=${join(__dirname, '..', 'docs', 'diagrams', `${name}.png`)}`,
    `--window-size=${width},${height}`, ...isDark ? ['--blink-settings=preferredColorScheme=0'] : [], `file://${join(directory, 'page.html')}`,
  ], { stdio: 'ignore' });
}
rmSync(directory, { recursive: true, force: true });
