/**
 * Creates the PNGs in docs/diagrams: the diagrams of some meshes as a browser shows them on light and dark pages.
 *
 * After a change of the diagram, run `npx tsx projenrc/diagrams.ts`. It needs Chromium.
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

/** The network of a cluster, in one of so many regions, and its gateway. */
function inRegion(i: number, regions: number): object {
  const region = i % regions;
  const loadBalancer = LOAD_BALANCERS[region % LOAD_BALANCERS.length];
  return { network: REGIONS[region], eastWestGateway: { loadBalancer } };
}

const CANARY = {
  revision: '1-31-0',
  canary: { revision: '1-32-0', istioVersion: '1.32.0' },
  revisionTags: { prod: '1-31-0', next: '1-32-0' },
};

const TWO_CLUSTERS = clusters(2, i => inRegion(i, 2));
const THREE_CLUSTERS = clusters(3, i => ({ ...inRegion(i, 2), ...i === 0 && CANARY }));
const TWELVE_CLUSTERS = clusters(12, i => inRegion(i, 3));
const SIXTY_CLUSTERS = clusters(60, i => inRegion(i, 6));
const SIXTY_NETWORKS = clusters(60, () => ({ network: '$(cluster)', eastWestGateway: { loadBalancer: 'gke' } }));

/** A diagram, and the page that shows it. */
interface Screenshot {
  readonly name: string;
  readonly mesh: ClusterProps[];
  readonly width: number;
  readonly height: number;
  readonly isDark?: boolean;
}

const SCREENSHOTS: readonly Screenshot[] = [
  { name: '2-clusters', mesh: TWO_CLUSTERS, width: 480, height: 190 },
  { name: '3-clusters', mesh: THREE_CLUSTERS, width: 640, height: 420 },
  { name: '3-clusters-dark', mesh: THREE_CLUSTERS, width: 640, height: 420, isDark: true },
  { name: '12-clusters', mesh: TWELVE_CLUSTERS, width: 1280, height: 920 },
  { name: '12-clusters-dark', mesh: TWELVE_CLUSTERS, width: 480, height: 580, isDark: true },
  { name: '60-clusters', mesh: SIXTY_CLUSTERS, width: 480, height: 1160 },
  { name: '60-networks-dark', mesh: SIXTY_NETWORKS, width: 480, height: 600, isDark: true },
];

const CHROMIUM_OPTIONS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--hide-scrollbars',
];

function pageWithDiagram(isDark: boolean): string {
  const background = isDark ? 'background: #0d1117;' : '';
  const style = `:root { color-scheme: light dark; } body { margin: 0; ${background} } img { max-width: 100%; }`;
  return `<meta name="color-scheme" content="light dark"><style>${style}</style><img src="mesh.svg">`;
}

function takeScreenshot(directory: string, { name, mesh, width, height, isDark = false }: Screenshot): void {
  const apiServer = 'https://$(cluster).example.com';
  const { model } = meshModel(definitionOf({ meshID: 'mesh1', istioVersion: '1.31.0', apiServer, clusters: mesh }));
  writeFileSync(join(directory, 'mesh.svg'), svg(model)());
  writeFileSync(join(directory, 'page.html'), pageWithDiagram(isDark));
  execFileSync('chromium', [
    ...CHROMIUM_OPTIONS,
    `--user-data-dir=${join(directory, 'profile')}`,
    `--screenshot=${join(__dirname, '..', 'docs', 'diagrams', `${name}.png`)}`,
    `--window-size=${width},${height}`,
    ...isDark ? ['--blink-settings=preferredColorScheme=0'] : [],
    `file://${join(directory, 'page.html')}`,
  ], { stdio: 'ignore' });
}

const directory = mkdtempSync(join(tmpdir(), 'istio-mesh-diagrams-'));
SCREENSHOTS.forEach(screenshot => takeScreenshot(directory, screenshot));
rmSync(directory, { recursive: true, force: true });
