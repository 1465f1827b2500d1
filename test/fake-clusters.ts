import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { delimiter, join } from 'path';
import { temporaryDirectory } from './util';

/** Clusters for the commands, which see them through a kubectl of the tests' own. */
export class FakeClusters {
  private readonly directory = temporaryDirectory();
  private readonly before = { PATH: process.env.PATH, FAKE_CLUSTERS: process.env.FAKE_CLUSTERS };

  public constructor(...contexts: readonly string[]) {
    contexts.forEach(context => mkdirSync(join(this.directory, context)));
    process.env.PATH = `${join(__dirname, 'programs')}${delimiter}${process.env.PATH}`;
    process.env.FAKE_CLUSTERS = this.directory;
  }

  /** Gives the environment back. */
  public stop(): void {
    Object.assign(process.env, this.before);
  }

  public put(context: string, ...objects: any[]): void {
    objects.forEach(object => writeFileSync(this.file(context, object), JSON.stringify(object)));
  }

  public remove(context: string, kind: string, name: string, namespace = 'istio-system'): void {
    rmSync(this.file(context, { kind, metadata: { name, namespace } }));
  }

  public get(context: string, kind: string, name: string, namespace = 'istio-system'): any {
    const file = this.file(context, { kind, metadata: { name, namespace } });
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf-8')) : undefined;
  }

  /** Kinds and names of what a cluster has. */
  public names(context: string): string[] {
    return readdirSync(join(this.directory, context)).filter(file => file.endsWith('.json'))
      .map(file => Object.values(/^(\w+)\.[^.]*\.(.*)\.json$/.exec(file)!).slice(1, 3).join('/')).sort();
  }

  /** What the API server of a cluster answers at a path. */
  public answer(context: string, path: string, text: string): void {
    writeFileSync(join(this.directory, context, encodeURIComponent(path)), text);
  }

  /** Makes a cluster refuse a verb of kubectl, or not any more. */
  public refuse(context: string, verb: string, message?: string): void {
    const file = join(this.directory, context, `refuse-${verb}`);
    return message === undefined ? rmSync(file) : writeFileSync(file, message);
  }

  /** What kubectl was asked since the last time, in order. */
  public calls(): string[] {
    const file = join(this.directory, 'calls');
    const calls = existsSync(file) ? readFileSync(file, 'utf-8').trim().split('\n') : [];
    rmSync(file, { force: true });
    return calls;
  }

  private file(context: string, { kind, metadata: { name, namespace = '' } }: any): string {
    return join(this.directory, context, `${kind.toLowerCase()}.${namespace}.${name}.json`);
  }
}

/** A token Secret of a cluster's reader account. */
export function tokenSecret(slot: string, token?: string): object {
  const data = token && { 'token': base64(token), 'ca.crt': base64('authority') };
  return {
    kind: 'Secret',
    metadata: { name: `istio-mesh-reader-${slot}`, namespace: 'istio-system' },
    type: 'kubernetes.io/service-account-token',
    ...data && { data },
  };
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
