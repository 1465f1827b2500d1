import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { NO_METRICS } from './installation';
import type { Cluster } from './lab/cluster';
import { Lab } from './lab/lab';
import { until } from './lab/process';
import type { Row, Scenario, Stage } from './scenario';
import { expectNoneIn, filesBelow, secretsOf } from './secrets';

const README = join(__dirname, '..', '..', 'README.md');
const SECTION = '## From two empty clusters to a mesh that answers';
const COMMANDS = 6;
const CLUSTERS = { cluster1: 'network1', cluster2: 'network2' };

/** Runs the commands of the README's second section as they stand there. */
export class ReadmeScenario implements Scenario {
  public readonly name = 'readme';

  public async run({ directory, programs, say }: Stage): Promise<readonly Row[]> {
    const [, , section] = readFileSync(README, 'utf-8').split(new RegExp(`(${SECTION})`));
    const blocks = [
      ...section.split(/^## /m)[0].matchAll(/^```(\w+)\n(.*?)^```/gms),
    ].map(([, language, text]) => ({ language, text }));
    const [, ...commands] = blocks.filter(({ language }) => language === 'sh').map(({ text }) => text);
    if (commands.length !== COMMANDS) {
      throw new Error(`the section has ${commands.length} commands, and promises ${COMMANDS}`);
    }
    writeFileSync(join(directory, 'mesh.yaml'), blocks.find(({ language }) => language === 'yaml')!.text);
    return Lab.run({ directory, programs, clusters: CLUSTERS }, async lab => {
      const quirks = Promise.all(lab.clusters.map(withoutMetrics));
      let told = '';
      for (const command of commands) {
        told = await lab.script(command, directory);
        say(`${command.split('\n')[0]}: ${told.trim().split('\n').pop()}`);
      }
      await quirks;
      const secrets = await Promise.all(lab.clusters.map(secretsOf));
      const files = filesBelow(join(directory, 'dist'));
      expectNoneIn(files, secrets.flat());
      return [
        { what: `${COMMANDS} commands`, answers: told.trim().split('\n').pop()! },
        { what: `${files.length} files in dist`, answers: `none has one of ${secrets.flat().length} tokens and keys` },
      ];
    });
  }
}

/** Waits for Istio's CRDs, and turns off what the lab's Envoy lacks. */
export async function withoutMetrics(cluster: Cluster): Promise<void> {
  await until(`the CRDs of ${cluster.name}`, async () => {
    await cluster.apply(JSON.stringify(NO_METRICS));
    return true;
  }, 120);
}
