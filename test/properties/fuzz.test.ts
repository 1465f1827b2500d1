import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'fs';
import { join } from 'path';
import * as fc from 'fast-check';
import { Mesh, MeshApp } from '../../src';
import { diagnosticLine, errorDiagnostic } from '../../src/core/diagnostic';
import { MeshError } from '../../src/core/mesh-error';
import { readMeshFile } from '../../src/definition/mesh-file';
import { EvaluatedMesh } from '../../src/rules/evaluated-mesh';
import { marker, violations } from '../support/invariants';
import type { Files } from '../support/mesh-util';
import { temporaryDirectory } from '../support/util';

// Trees stay in memory: the test of the writer is another.
let mockWritten: Files | undefined;
jest.mock('../../src/util/host/tree-writer',
  () => ({ writeTree: (_: string, tree: ReadonlyMap<string, string>) => { mockWritten = Object.fromEntries(tree); } }));

const MUTATIONS = Number(process.env.ISTIO_MESH_RUNS ?? 10_000);
const SEED = Number(process.env.ISTIO_MESH_SEED ?? 20261123);
const MAX_SECONDS = 3;
const EXAMPLE = readFileSync(join(__dirname, '..', '..', 'examples', 'mesh-file', 'mesh.yaml'), 'utf-8');
const LARGER = `%YAML 1.1
---
meshID: mesh1
istioVersion: "1.31.0"
namespace: &namespace mesh-system
revision: stable
apiServer: https://$(cluster).example.com:6443
remoteCredentials: {plainToken: {env: ISTIO_TOKEN_$(cluster)}}
values:
  global: {logAsJson: true, proxy: {clusterDomain: prod.local}}
  pilot:
    autoscaleMin: 2
    env: {A: "no", B: '007'}
meshConfig:
  accessLogFile: ''
  defaultConfig: {proxyMetadata: {ISTIO_META_DNS_CAPTURE: "true"}}
components:
  pilot: {k8s: {resources: {requests: {cpu: 500m}}, overlays: [{kind: Deployment, name: istiod, patches: [{path: spec.paused, value: false}]}]}}
eastWestGateway: &gateway
  name: istio-east
  ports:
  - {name: status-port, port: 15021}
  - name: tls
    port: 15444
  loadBalancer: {aws: {internal: true}}
  service: {loadBalancerSourceRanges: [10.0.0.0/8], annotations: {a: "1e3"}}
  autoscaling: {minReplicas: 2, maxReplicas: 4}
  podDisruptionBudget: {minAvailable: 1}
  nodeSelector: {pool: edge}
  tolerations: [{key: edge, operator: Exists}]
exposedServices:
  hosts: ["*.web.svc.prod.local"]
clusters:
- &first
  name: cluster1
  network: network1
- <<: *first
  name: cluster2
  canary: {revision: 1-32-0, istioVersion: 1.32.0}
  remoteCredentials: {authProvider: {config: {client-id: mesh, issuer-url: "https://issuer"}, secretConfig: {id-token: {env: ISTIO_TOKEN_$(cluster)}}}}
- name: "007"
  network: "1.30"
  peers: ['*']
  context: *namespace
  remoteCredentials: linked
  eastWestGateway:
    <<: *gateway
    install: always
    loadBalancer: {nodePort: {pool: edge}}
    service: {}
- {name: 'no', network: 'no', peers: []}
`;

const directory = temporaryDirectory();
const path = join(directory, 'mesh.yaml');

beforeAll(() => {
  ['CLUSTER1', 'CLUSTER2', '007',
    'NO'].forEach(name => process.env[`ISTIO_TOKEN_${name}`] = marker(name.toLowerCase()));
  mkdirSync(join(directory, 'manifests'));
  writeFileSync(join(directory, 'manifests', 'namespace.yaml'),
    'apiVersion: v1\nkind: Namespace\nmetadata: {name: sample}\n');
  jest.spyOn(process.stderr, 'write').mockReturnValue(true); // warnings
});

/** Bytes as characters, so that a file is cut and changed anywhere. */
const utf8 = (text: string) => Buffer.from(text).toString('latin1');

const BAD_VALUES = [
  '', '~', '[]', '{}', '[[[[]]]]', '{a: {b: [c]}}', '*nobody', '&x y', '<<', '!!binary aGk=', '!!set {a}',
  '!!omap [{a: 1}]', '!mine x', '! x', '2026-01-31', '.nan', '-.inf', '1e400', '007', 'yes', '1:30',
  '123456789012345678901234567890', '\'', '"', '"\\0"', '"a\\nb"', '"\\e[31m"', '"\\x85\\u2028"', '|', '>-', '@', '`',
  '%', '- - -', '? a', '\u2028', 'é', '💥', '\ufeff', '$(cluster)', '$(cluster', '__proto__',
  'constructor', '../../x', '/', '*', '\'*\'', 'a: b', '#', ',', ']', '}', 'a'.repeat(300), '['.repeat(150),
  '{a: '.repeat(99), ' '.repeat(500), '- '.repeat(99), '\t', 'null', '-1', '0x1F', '99999999999',
].map(utf8);
const BAD_KEYS = [
  '', '<<', '__proto__', 'constructor', 'toString', '1', 'no', '? a', '*first', '&k k', '"\\n"', '"a b"', '[a]',
  '{a: b}', '!!str k', 'name', 'network', 'values', 'clusters', 'remoteCredentials', '-', '- name',
].map(utf8);

/** Changes some of the lines of a file. */
const inLines =
  (change: (lines: string[], a: number, b: number) => void) => (text: string, a: number, b: number): string => {
    const lines = text.split('\n');
    change(lines, a % lines.length, b);
    return lines.join('\n');
  };
const parts = (line: string) => /^([ -]*)([^:]*)(:?)(.*)$/s.exec(line)!.slice(1);

const MARKS = ':-{}[],&*#?|>\'"%@!<\n\t\r\0 ';

/** Each changes a file somewhere. */
const MUTATORS: { readonly [name: string]: (text: string, a: number, b: number) => string } = {
  replaceByte: (text, a, b) =>
    text.slice(0, a % text.length) + String.fromCharCode(b % 256) + text.slice(a % text.length + 1),
  insertByte: (text, a, b) =>
    text.slice(0, a % text.length) + String.fromCharCode(b % 256) + text.slice(a % text.length),
  insertMark: (text, a, b) => text.slice(0, a % text.length) + MARKS[b % MARKS.length] + text.slice(a % text.length),
  cut: (text, a, b) => text.slice(0, a % text.length) + text.slice(a % text.length + b % 50),
  end: (text, a) => text.slice(0, a % text.length),
  removeLine: inLines((lines, a) => lines.splice(a, 1)),
  repeatLine: inLines((lines, a, b) => lines.splice(b % lines.length, 0, lines[a])),
  repeatLines: inLines((lines, a, b) => lines.push(...lines.slice(a, a + b % 20))),
  swapLines: inLines((lines, a, b) => [lines[a], lines[b % lines.length]] = [lines[b % lines.length], lines[a]]),
  swapValues: inLines((lines, a, b) => {
    const [one, other] = [parts(lines[a]), parts(lines[b % lines.length])];
    lines[a] = [...one.slice(0, 3), other[3]].join('');
    lines[b % lines.length] = [...other.slice(0, 3), one[3]].join('');
  }),
  badValue:
    inLines((lines, a, b) =>
      lines[a] = `${parts(lines[a]).slice(0, 2).join('')}: ${BAD_VALUES[b % BAD_VALUES.length]}`),
  badItem:
    inLines((lines, a, b) =>
      lines[a] = lines[a].replace(/[\w$().:/*-]+(?=[\]},])/, () => BAD_VALUES[b % BAD_VALUES.length])),
  badKey: inLines((lines, a, b) => lines[a] = lines[a].replace(/[\w-]+(?=:)/, () => BAD_KEYS[b % BAD_KEYS.length])),
  addLine:
    inLines((lines, a, b) =>
      lines.splice(a, 0, `${parts(lines[a])[0].replace('-', ' ')}${BAD_KEYS[b % BAD_KEYS.length]}: `
        + `${BAD_VALUES[(a + b) % BAD_VALUES.length]}`)),
  indent: inLines((lines, a, b) =>
    lines[a] = b % 3 === 0 ? lines[a].slice(1) : [' ', '\t', '  ', '- '][b % 4] + lines[a]),
  anchor: inLines((lines, a, b) => {
    lines[a] = lines[a].replace(/: ?/, ': &x ');
    lines[b % lines.length] = parts(lines[b % lines.length]).slice(0, 3)
      .join('') + [' *x', ' {<<: *x}', ' [*x, *x]', ' &x *x'][b % 4];
  }),
  lineEnds: (text, a) => text.replace(/\n/g, ['\r\n', '\r', '\n\r', utf8('\u2028')][a % 4]),
  byteOrderMark: (text, a) => utf8('\ufeff').repeat(a % 2 + 1) + text,
};

/**
 * Meshes that became trees: most damage that is accepted is in a comment, and a tree takes ten times as long as a
 * refusal.
 */
const known = new Set<string>();

/** What comes of a mesh file: an error, or a tree, unless the same mesh became one before. */
function outcomeOf(text: string): { error?: Error; tree?: Files } {
  rmSync(path, { force: true }); // a new file is written in a tenth of the time
  writeFileSync(path, text, 'latin1');
  mockWritten = undefined;
  try {
    const definition = readMeshFile(path);
    const data = JSON.stringify(definition.data);
    if (!known.has(data)) {
      const app = new MeshApp({ outdir: join(directory, 'dist'), summary: false });
      Mesh._of(app, 'mesh', new EvaluatedMesh(definition));
      app.synth();
      known.add(data);
    }
    return { tree: mockWritten };
  } catch (error) {
    return { error: error as Error, tree: mockWritten };
  }
}

function faultsOf({ error, tree }: ReturnType<typeof outcomeOf>): string[] {
  return [
    ...error ? badlyTold(error) : [],
    ...error && tree ? ['a tree is written all the same'] : [],
    ...tree ? violations(tree) : [],
  ];
}

/** What is wrong with how a file is refused. */
function badlyTold(error: Error): string[] {
  if (!(error instanceof MeshError)) {
    return [`no refusal: ${error.stack}`];
  }
  const told = error.diagnostics.map(diagnostic => diagnosticLine(diagnostic).replace(path, ''));
  return [
    ...told.filter(problem => !/^(:\d+:\d+)?: (?![A-Z]\w* )\S/.test(problem))
      .map(problem => `no place first, or no sentence: ${problem}`),
    ...told.filter(problem => /[\x00-\x1f\x7f-\x9f\u2028]|undefined|\[object|MARK-|call stack/.test(problem))
      .map(problem => `not to be told: ${JSON.stringify(problem)}`),
    .../\n\s+at /.test(error.stack!) ? ['a stack is told'] : [],
    ...told.length === 0 ? ['no problem is told'] : [],
  ];
}

/** CPU seconds that an action takes: others may keep the machine busy. */
function seconds(action: () => void): number {
  const before = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

test(`${MUTATIONS} damaged mesh files are each refused in sentences or accepted, at once, and every mesh that is `
  + 'accepted makes a sound tree', () => {
  let refused = 0;
  const edit = fc.tuple(fc.constantFrom(...Object.keys(MUTATORS)), fc.noBias(fc.nat()), fc.noBias(fc.nat()));
  fc.assert(fc.property(fc.constantFrom(EXAMPLE, EXAMPLE, EXAMPLE, LARGER),
    fc.array(edit, { minLength: 1, maxLength: 2 }), (file, edits) => {
      const damaged = edits.reduce((text, [name, a, b]) => MUTATORS[name](text, a, b), file);
      let outcome: ReturnType<typeof outcomeOf> = {};
      const took = seconds(() => outcome = outcomeOf(damaged));
      refused += outcome.error ? 1 : 0;
      const faults = [...faultsOf(outcome), ...took > MAX_SECONDS ? [`takes ${took} seconds`] : []];
      if (faults.length > 0) {
        throw new Error([...faults, damaged].join('\n'));
      }
    }), { seed: SEED, numRuns: MUTATIONS });
  expect(refused / MUTATIONS).toBeGreaterThan(0.3);
  expect(refused / MUTATIONS).toBeLessThan(0.9);
  expect(known.size).toBeGreaterThan(MUTATIONS / 100);
}, 300_000);

/** A mesh file with more lines, from line 4. */
const withLines = (lines: string) =>
  `meshID: mesh1\nistioVersion: 1.31.0\nnetwork: network1\n${lines}clusters: [{name: cluster1}]\n`;
const named = (name: string) => withLines('').replace('cluster1', name);
const repeated = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('');
const patched = (value: string) =>
  withLines(`components: {pilot: {k8s: {overlays: [{kind: a, name: b, patches: [{path: x, value: ${value}}]}]}}}\n`);
const PATCHED = 'components.pilot.k8s.overlays[0].patches[0].value';

const TOO_DEEP = 'lists and maps are nested more than 100 levels deep; use fewer levels in this mesh';
const TOO_MANY =
  'the file has more than 500000 values up to here, including those of aliases, which is too many for a mesh; use '
    + 'fewer aliases';
const NO_LABEL = (name: string) => `clusters[0].name: cluster '${name}': name '${name}' is not a valid DNS label`;

test.each<[what: string, text: string, problem: string]>([
  ['aliases that explode',
    `a0: &a0 [x]\n${repeated(9, i => `a${i + 1}: &a${i + 1} [${repeated(10, () => `*a${i}, `)}]\n`)}`,
    `:7:15: ${TOO_MANY}`],
  ['merge keys that explode',
    `a0: &a0 {k: x}\n${repeated(30, i => `a${i + 1}: &a${i + 1} {<<: [*a${i}, *a${i}], l: *a${i}}\n`)}`,
    `: ${TOO_MANY}`],
  ['aliases that nest', `a0: &a0 [x]\n${repeated(1500, i => `a${i + 1}: &a${i + 1} [*a${i}]\n`)}`,
    `:100:12: ${TOO_DEEP}`],
  ['an anchor that holds itself', withLines('values: &a {global: *a}\n'),
    ":4:21: the alias '*a' is inside its own anchor; write the value out"],
  ['an anchor that merges itself', withLines('values: &a {<<: *a}\n'),
    ":4:17: the alias '*a' is inside its own anchor; write the value out"],
  ['5,000 aliases of nothing', `hub:\n${repeated(5000, () => '- *a\n')}`,
    ":2:3: the alias '*a' has no anchor before it; write the value out, or set '&a' above"],
  ['a merged list', withLines('<<: [a]\n'), ':4:5: the merge key << needs a map; write an alias of a map after it'],
  ['an alias as a key', withLines('values: &v {}\n*v : 1\n'),
    ":5:1: the alias '*v' is not a valid key; write a string"],
  ['a list as a key', withLines('[a]: 1\n'), ':4:1: a list or a map is not a valid key; write a string'],
  ['nothing as a key', withLines(': 1\n'), ':4:1: a key is missing here; write one before the colon'],
  ['null as a key', withLines('values: {~: 1}\n'), ":4:10: values: the key ~ is a null; write it in quotes: '~'"],
  ['a date as a key', withLines('2026-01-31: 1\n'),
    ":4:1: the key 2026-01-31 is a date; write it in quotes: '2026-01-31'"],
  ['a quoted key that stands twice', withLines('hub: x\n"hub": y\n'),
    ":5:1: 'hub' is a duplicate key; remove one of the two"],
  ['2,000 keys', repeated(2000, i => `k${i}: 1\n`), ":2000:1: k1999: 'k1999' is not a key here; "],
  ['brackets that nest', withLines(`values: ${'['.repeat(20_000)}\n`), `:4:108: ${TOO_DEEP}`],
  ['braces that nest', withLines(`values: ${'{a: '.repeat(101)}${'}'.repeat(101)}\n`), `:4:405: ${TOO_DEEP}`],
  ['dashes that nest', withLines(`values:\n  ${'- '.repeat(150)}\n`), `:5:201: ${TOO_DEEP}`],
  ['dashes that nest deeper than a stack', withLines(`values:\n  ${'- '.repeat(200_000)}\n`), `:5:201: ${TOO_DEEP}`],
  ['maps that nest by indentation', withLines(`values:\n${repeated(300, i => `${' '.repeat(i + 1)}a:\n`)}`),
    `:104:101: ${TOO_DEEP}`],
  ['dashes with many blanks', withLines(`values:\n${`-${' '.repeat(40)}`.repeat(9)}\n`),
    ':4:1: values: a list is not a map'],
  ['a million blanks', withLines(`values: ${' '.repeat(1_000_000)}[]\n`), ':4:1: values: a list is not a map'],
  ['invalid UTF-8', withLines('hub: \xff\n'), ': it is not UTF-8 text; save it as UTF-8'],
  ['a NUL', withLines('hub: a\0b\n'),
    ':4:7: the character U+0000 is not allowed in YAML; remove it, or write "\\u0000" in double quotes'],
  ['an escape sequence', named('"\\e[31mred"'), `:4:13: ${NO_LABEL('\\u001b[31mred')}`],
  ['the name __proto__', named('__proto__'), `:4:13: ${NO_LABEL('__proto__')}`],
  ['the name ../../x', named('../../x'), `:4:13: ${NO_LABEL('../../x')}`],
  ['the name constructor', named('constructor'),
    ":4:13: clusters[0].name: cluster 'constructor': name 'constructor' cannot be the id of a construct; choose "
      + 'another name'],
  ['a tag of somebody else', withLines('hub: !registry x\n'),
    ":4:6: the tag '!registry' is not supported here; remove it"],
  ['a set', withLines('values: !!set {nonsense}\n'), ":4:15: the tag '!!set' is not supported here; remove it"],
  ['an ordered map', withLines('values: !!omap [{nonsense: 1}]\n'),
    ":4:16: the tag '!!omap' is not supported here; remove it"],
  ['bytes', withLines('hub: !!binary aGk=\n'), ":4:15: the tag '!!binary' is not supported here; remove it"],
  ['a date where anything may stand', patched('2026-01-31'),
    `:4:85: ${PATCHED}: Istio would receive another value than date 2026-01-31; write it in quotes: '2026-01-31'`],
  ['a number that is none', patched('[.nan]'),
    `:4:86: ${PATCHED}[0]: Istio would receive another value than number .nan; write it in quotes: '.nan'`],
  ['a number of too many digits', patched('{a: 12345678901234567890}'),
    `${PATCHED}.a: Istio would receive another value than number 12345678901234567890; `],
])('%s gives a sentence at once', (_, text, problem) => {
  let outcome: ReturnType<typeof outcomeOf> = {};
  expect(seconds(() => outcome = outcomeOf(text))).toBeLessThan(MAX_SECONDS);
  expect(faultsOf(outcome)).toEqual([]);
  expect((outcome.error as MeshError)?.diagnostics.map(diagnostic => diagnosticLine(diagnostic).replace(path, '')))
    .toContainEqual(expect.stringContaining(problem));
});

test('a file of 100 MB gives a sentence at once', () => {
  const large = join(directory, 'large.yaml');
  writeFileSync(large, '');
  truncateSync(large, 100 * 1024 * 1024);
  const refusal =
    new MeshError(`file '${large}'`,
      [errorDiagnostic({ message: 'it is larger than 10 MiB', suggestion: 'name a mesh file, e.g. mesh.yaml' },
        { file: large })]);
  expect(seconds(() => expect(() => readMeshFile(large)).toThrow(refusal))).toBeLessThan(MAX_SECONDS);
});

test('1,000 clusters may merge what is said of the first', () => {
  writeFileSync(path, 'meshID: mesh1\nclusters:\n- &first {name: cluster0, hub: x, peers: &peers [a, '
    + `b]}\n${repeated(999, i => `- {<<: *first, name: cluster${i + 1}}\n`)}`);
  const { clusters } = readMeshFile(path).data as { clusters: object[] };
  expect([clusters.length, clusters[999]]).toEqual([1000, { name: 'cluster999', hub: 'x', peers: ['a', 'b'] }]);
});

test('an alias stands for the last anchor before it, wherever it is read again', () => {
  writeFileSync(path, 'a: &x 1\nb: &y [*x]\nc: &x 2\nd: *y\ne: *x\nf: {k: 0, <<: [{k: 1, l: 1}, {l: 2, m: 2}]}\n');
  expect(readMeshFile(path).data).toEqual({ a: 1, b: [1], c: 2, d: [1], e: 2, f: { k: 0, l: 1, m: 2 } });
});
