import { copyFileSync, readFileSync } from 'fs';
import { join } from 'path';
import { isDeepStrictEqual } from 'util';
import type { Passage } from './firewall';
import { Firewall, passagesIn } from './firewall';
import { Lab } from './lab/lab';
import { until } from './lab/process';
import { readStates } from './mesh-scenario';
import { withoutMetrics } from './readme-scenario';
import type { Row, Scenario, Stage } from './scenario';
import { Traffic } from './traffic';

const MESH = join(__dirname, 'meshes', 'run-book.yaml');
const CLUSTERS = { cluster1: 'network-cluster1', cluster2: 'network-cluster2' };
const REQUESTS = 20;
const INSTALLS = /istioctl|20-crds/;

/** A block of commands of the page, with the lines that it promises. */
interface Block {
  readonly commands: string;
  readonly prints: readonly string[];
}

/**
 * Installs a mesh by the commands of its run book alone, in their order, behind a firewall that lets pass what its table says and nothing else
 * between clusters; it also leaves out each row, and shows what does not work without.
 */
export class RunBookScenario implements Scenario {
  public readonly name = 'run-book';

  public async run({ directory, programs, say }: Stage): Promise<readonly Row[]> {
    copyFileSync(MESH, join(directory, 'mesh.yaml'));
    return Lab.run({ directory, programs, clusters: CLUSTERS }, async lab => {
      await lab.script('istio-mesh synth mesh.yaml --output dist', directory);
      const dist = join(directory, 'dist');
      const page = readFileSync(join(dist, 'mesh.md'), 'utf-8');
      const passages = passagesIn(page);
      const [apiServers, gateways] = [passages.filter(isToApiServer), passages.filter(passage => !isToApiServer(passage))];
      const firewall = new Firewall(CLUSTERS);
      await firewall.raise(gateways);
      let quirks: Promise<unknown> | undefined;
      const blocks = blocksIn(page);
      const last = blocks.pop()!;
      for (const block of blocks) {
        quirks ??= INSTALLS.test(block.commands) ? Promise.all(lab.clusters.map(withoutMetrics)) : undefined;
        await this.runBlock(lab, dist, block, say);
      }
      await quirks;
      const rows = [...await this.states(lab, 'syncing', apiServers)];
      await firewall.allow(passages);
      say(`between the clusters passes: ${passages.map(told).join(', ')}`);
      await this.states(lab, 'synced');
      const traffic = new Traffic(lab, 'sample');
      await Promise.all([traffic.start(), this.runBlock(lab, dist, last, say)]);
      await firewall.allow(apiServers);
      rows.push(...await Promise.all(gateways.map(passage => this.unheard(traffic, passage))));
      return [
        { what: `${blocks.length + 1} blocks of commands, behind a firewall of ${passages.length} rows`, answers: last.prints[last.prints.length - 1] },
        ...rows,
      ];
    });
  }

  /** Runs a block, and looks for the lines that it promises. */
  private async runBlock(lab: Lab, dist: string, { commands, prints }: Block, say: Stage['say']): Promise<void> {
    const lines = (await lab.script(`{ ${commands}\n} 2>&1`, dist)).split('\n');
    const missing = prints.filter(promised => !lines.some(line => patternOf(promised).test(line)));
    if (missing.length > 0) {
      throw new Error(`${commands}\nshould print\n${missing.join('\n')}\nand prints\n${lines.join('\n')}`);
    }
    say(`${commands.split('\n').slice(0, 2).join(' ')}: ${prints.length} lines as promised`);
  }

  /** Shows that every istiod says this of its peer, and which rows were left out. */
  private async states(lab: Lab, state: string, missing: readonly Passage[] = []): Promise<readonly Row[]> {
    const names = Object.keys(CLUSTERS);
    return Promise.all(names.map(async name => {
      const right = names.filter(peer => peer !== name).map(peer => `${peer} ${state}`);
      const answers = await until(`istiod of ${name} says ${right}`, async () => {
        const found = await readStates(lab, name);
        return isDeepStrictEqual(found, right) && found.join(', ');
      });
      return { what: `control: without ${missing.filter(({ from }) => from === name).map(told).join(', ')}`, answers: `istiod of ${name}: ${answers}` };
    }));
  }

  /** Shows that nobody is heard through a row that was left out. */
  private async unheard(traffic: Traffic, passage: Passage): Promise<Row> {
    const answers = await traffic.ask(passage.from, REQUESTS);
    const found = [...new Set(answers.map(({ version, error }) => version ?? error!))].sort();
    const own = `v${Object.keys(CLUSTERS).indexOf(passage.from) + 1}`;
    if (found.length !== 2 || found.filter(one => /^v\d$/.test(one)).join() !== own) {
      throw new Error(`without ${told(passage)} ${own} alone should answer in ${passage.from}, and some requests fail; they did: ${found.join(', ')}`);
    }
    return { what: `control: without ${told(passage)}`, requests: REQUESTS, answers: found.join(', ') };
  }
}

function isToApiServer({ what }: Passage): boolean {
  return what === 'API server';
}

function told({ from, to, what, port }: Passage): string {
  return `${from} to ${what} of ${to}:${port}`;
}

/** The commands of the page, each block with the lines that follow it. */
function blocksIn(page: string): Block[] {
  const [, install] = /^## Install\n(.*?)^## /ms.exec(page)!;
  return [...install.matchAll(/^```sh\n(.*?)^```(?:\n\nIt prints[^\n]*:\n\n```text\n(.*?)^```)?/gms)].map(([, commands, prints = '']) => ({
    commands: commands.trim(),
    prints: prints.trim().split('\n').filter(line => line !== '' && line !== '…' && !line.startsWith('$ ')),
  }));
}

/** A promised line, in which `…` stands for anything. */
function patternOf(line: string): RegExp {
  return new RegExp(`^${line.split('…').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`);
}
