import { copyFileSync, readFileSync } from 'fs';
import { join } from 'path';
import { isDeepStrictEqual } from 'util';
import { type AllowedConnection, allowedConnections, Firewall } from './firewall';
import { Lab } from './lab/lab';
import { until } from './lab/process';
import { readStates } from './mesh-scenario';
import { withoutMetrics } from './readme-scenario';
import type { Row, Scenario, Stage } from './scenario';
import { Traffic } from './traffic';

const MESH = join(__dirname, 'meshes', 'runbook.yaml');
const CLUSTERS = { cluster1: 'network-cluster1', cluster2: 'network-cluster2' };
const REQUESTS = 20;
const INSTALLS = /istioctl|20-crds/;

/** A block of commands in the runbook. */
interface Block {
  readonly commands: string;
  /** Text in the output that shows success. */
  readonly success?: string;
}

/**
 * Installs a mesh with only the commands of its runbook, in their order.
 *
 * A firewall rejects all connections between clusters that are not in the runbook's table. The scenario also omits each
 * row, and shows what does not work without it.
 */
export class RunbookScenario implements Scenario {
  public readonly name = 'runbook';

  public async run({ directory, programs, say }: Stage): Promise<readonly Row[]> {
    copyFileSync(MESH, join(directory, 'mesh.yaml'));
    return Lab.run({ directory, programs, clusters: CLUSTERS }, async lab => {
      await lab.script('istio-mesh synth mesh.yaml --output dist', directory);
      const dist = join(directory, 'dist');
      const page = readFileSync(join(dist, 'mesh.md'), 'utf-8');
      const connections = allowedConnections(page);
      const toApiServers = connections.filter(isToApiServer);
      const toGateways = connections.filter(connection => !isToApiServer(connection));
      const firewall = new Firewall(CLUSTERS);
      await firewall.start(toGateways);
      let quirks: Promise<unknown> | undefined;
      const blocks = blocksIn(page);
      const last = blocks.pop()!;
      for (const block of blocks) {
        quirks ??= INSTALLS.test(block.commands) ? Promise.all(lab.clusters.map(withoutMetrics)) : undefined;
        await this.runBlock(lab, dist, block, say);
      }
      await quirks;
      const rows = [...await this.states(lab, 'syncing', toApiServers)];
      await firewall.allow(connections);
      say(`the firewall allows: ${connections.map(connectionText).join(', ')}`);
      await this.states(lab, 'synced');
      const traffic = new Traffic(lab, 'sample');
      await Promise.all([traffic.start(), this.runBlock(lab, dist, last, say)]);
      await firewall.allow(toApiServers);
      rows.push(...await Promise.all(toGateways.map(connection => this.withoutGateway(traffic, connection))));
      return [
        {
          what: `${blocks.length + 1} blocks of commands, behind a firewall of ${connections.length} rows`,
          answers: last.success!,
        },
        ...rows,
      ];
    });
  }

  /** Runs a block, and checks that it prints what shows success. */
  private async runBlock(lab: Lab, dist: string, { commands, success = '' }: Block, say: Stage['say']): Promise<void> {
    const output = await lab.script(`{ ${commands}\n} 2>&1`, dist);
    if (!output.includes(success)) {
      throw new Error(`${commands}\nmust print\n${success}\nand prints\n${output}`);
    }
    say(`${commands.split('\n').slice(0, 2).join(' ')}: succeeded${success && `, and printed ${success}`}`);
  }

  /** Waits until every istiod reports a state of its peer; the result names the omitted rows. */
  private async states(lab: Lab, state: string, omitted: readonly AllowedConnection[] = []): Promise<readonly Row[]> {
    const names = Object.keys(CLUSTERS);
    return Promise.all(names.map(async name => {
      const expected = names.filter(peer => peer !== name).map(peer => `${peer} ${state}`);
      const answers = await until(`istiod of ${name} reports ${expected}`, async () => {
        const found = await readStates(lab, name);
        return isDeepStrictEqual(found, expected) && found.join(', ');
      });
      const rows = omitted.filter(({ from }) => from === name).map(connectionText).join(', ');
      return { what: `control: without ${rows}`, answers: `istiod of ${name}: ${answers}` };
    }));
  }

  /** Checks that without the row of a gateway, requests to the other cluster fail. */
  private async withoutGateway(traffic: Traffic, connection: AllowedConnection): Promise<Row> {
    const { from } = connection;
    const answers = await traffic.ask(from, REQUESTS);
    const found = [...new Set(answers.map(({ version, error }) => version ?? error!))].sort();
    const localVersion = `v${Object.keys(CLUSTERS).indexOf(from) + 1}`;
    if (found.length !== 2 || found.filter(one => /^v\d$/.test(one)).join() !== localVersion) {
      throw new Error(`without ${connectionText(connection)}, in ${from} only ${localVersion} must answer, `
        + `and some requests must fail; the results were: ${found.join(', ')}`);
    }
    return { what: `control: without ${connectionText(connection)}`, requests: REQUESTS, answers: found.join(', ') };
  }
}

function isToApiServer({ target }: AllowedConnection): boolean {
  return target === 'API server';
}

function connectionText({ from, to, target, port }: AllowedConnection): string {
  return `${from} to ${target} of ${to}:${port}`;
}

const BLOCK = /^```sh\n(.*?)^```(?:\n\nExpected output: `([^`]*)`)?/gms;

/** The commands in the runbook, each block with the text that shows success. */
function blocksIn(page: string): Block[] {
  const [, install] = /^## Install\n(.*?)^## /ms.exec(page)!;
  return [...install.matchAll(BLOCK)].map(([, commands, success]) => ({ commands: commands.trim(), success }));
}
