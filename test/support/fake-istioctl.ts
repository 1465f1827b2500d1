import { existsSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { temporaryDirectory } from './util';

/** How a fake istioctl behaves. */
export interface FakeBehaviour {
  /** What it says of its version; anything else than a string is printed as it is. */
  readonly version?: string;
  /** Printed instead of its version, with this exit code. */
  readonly versionFails?: string;
  /** A word of IstioOperators that it refuses, and what it says then. */
  readonly refuses?: readonly [word: string, error: string];
  /** Printed instead of manifests. */
  readonly prints?: string;
  /** How many calls must have started to render before it ends. */
  readonly waitsFor?: number;
  /** Whether it is killed while it renders. */
  readonly isKilled?: boolean;
}

/** One call of a fake istioctl. */
export interface FakeCall {
  readonly program: string;
  readonly args: readonly string[];
  /** What it rendered, if it did. */
  readonly operator?: any;
  /** In milliseconds. */
  readonly from: number;
  readonly to: number;
}

/** A directory of fake istioctls, which print canned objects of what they are given, and remember their calls. */
export class FakeIstioctls {
  readonly directory = temporaryDirectory();
  private readonly log = join(this.directory, 'calls');

  add(name: string, behaviour: FakeBehaviour = { version: '1.31.0' }): string {
    const path = join(this.directory, name);
    writeFileSync(path, `#!${process.execPath}\n(${PROGRAM})(${JSON.stringify({
      name, log: this.log, ...behaviour,
    })})\n`, { mode: 0o755 });
    return path;
  }

  get calls(): FakeCall[] {
    return existsSync(this.log) ? readFileSync(this.log, 'utf-8').trim().split('\n').map(line => JSON.parse(line)) : [];
  }

  /**
   * The IstioOperators that were rendered, each with the program that did it, in some order that is always the same.
   */
  get renderings(): string[] {
    return this.calls.filter(({ operator }) => operator)
      .map(({ program, operator }) => `${program} ${operator.metadata.name} ${operator.spec.values.global.network}`)
      .sort();
  }

  /** What is done while these are all that is on the PATH. */
  onPath<Result>(action: () => Result): Result {
    const { PATH } = process.env;
    process.env.PATH = this.directory;
    try {
      return action();
    } finally {
      process.env.PATH = PATH;
    }
  }
}

/**
 * Prints what `istioctl manifest generate` does, as far as this library looks at it: a text for Node, since it runs
 * without this file.
 */
const PROGRAM = `({ name, log, version, versionFails, refuses, prints, waitsFor = 0, isKilled }) => {
  const fs = require('fs');
  const now = () => Number(process.hrtime.bigint()) / 1e6; // of a clock that all processes share
  const from = now();
  const args = process.argv.slice(2);
  const said = operator => fs.appendFileSync(log, JSON.stringify({ program: name, args, operator, from, to: now() }) + '\\n');
  if (args[0] === 'version') {
    said();
    if (versionFails !== undefined) {
      console.error(versionFails);
      process.exit(1);
    }
    return console.log(version === undefined ? 'v1' : JSON.stringify({ clientVersion: { version } }));
  }
  const text = fs.readFileSync(0, 'utf-8');
  const { spec } = JSON.parse(text);
  fs.appendFileSync(log + '-started', '.');
  while (fs.statSync(log + '-started').size < waitsFor && now() < from + 30000) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  }
  said(JSON.parse(text));
  if (isKilled) {
    process.kill(process.pid, 'SIGKILL');
  }
  if (refuses && text.includes(refuses[0])) {
    console.error(refuses[1]);
    process.exit(1);
  }
  if (prints !== undefined) {
    return console.log(prints);
  }
  const { global = {} } = spec.values;
  const namespace = global.istioNamespace || 'istio-system';
  const object = (apiVersion, kind, objectName, rest, own) => [
    'apiVersion: ' + apiVersion, 'kind: ' + kind, 'metadata:', '  labels:', '    version: "' + version + '"', '  name: ' + objectName,
    ...own === undefined ? [] : ['  namespace: ' + own], ...rest,
  ].join('\\n') + '\\n';
  const revision = spec.revision ? '-' + spec.revision : '';
  const gateways = (spec.components && spec.components.ingressGateways || []).filter(({ enabled }) => enabled).map(gateway =>
    object('v1', 'Service', gateway.name, ['spec:', '  ports: []'], gateway.namespace || namespace));
  const plane = () => [
    object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'gateways.networking.istio.io', ['spec:', '  scope: Namespaced']),
    object('v1', 'ServiceAccount', 'istio-reader-service-account', [], namespace),
    object('rbac.authorization.k8s.io/v1', 'ClusterRole', 'istiod-clusterrole' + revision + '-' + namespace, ['rules:', '- verbs:', '  - get']),
    object('apps/v1', 'Deployment', 'istiod' + revision, ['spec:', '  cluster: ' + global.multiCluster.clusterName], namespace),
  ];
  console.log([...spec.profile === 'empty' ? [] : plane(), ...gateways].join('\\n---\\n') + '\\n---');
}`;
