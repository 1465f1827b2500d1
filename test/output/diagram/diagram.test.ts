import { join } from 'path';
import * as fc from 'fast-check';
import { type ClusterProps, LoadBalancer } from '../../../src';
import { definitionOf } from '../../../src/definition/definition';
import type { MeshModel } from '../../../src/definition/mesh-model';
import { resolveMesh } from '../../../src/definition/resolve-mesh';
import { linkedPairs } from '../../../src/definition/topology';
import { meshGraph } from '../../../src/output/diagram/build-graph';
import { dot } from '../../../src/output/diagram/dot';
import type { MeshGraph, NetworkFrame } from '../../../src/output/diagram/graph';
import { mermaid } from '../../../src/output/diagram/mermaid';
import { svg } from '../../../src/output/diagram/svg';
import { Graphviz } from '../../../src/util/host/graphviz';
import { directoryWith } from '../../support/mesh-util';
import { randomMeshes, SEED } from '../../support/random-meshes';
import { temporaryDirectory } from '../../support/util';

function modelOf(clusters: ClusterProps[], settings: object = {}): MeshModel {
  const apiServer = 'https://$(cluster).example.com';
  return resolveMesh(definitionOf({ meshID: 'mesh1', istioVersion: '1.31.0', apiServer, clusters, ...settings })).model;
}

/** A mesh of clusters with the networks and settings that the functions return for the numbers from 1 to count. */
function meshOf(
  count: number, network: (i: number) => string, settings: (i: number) => Partial<ClusterProps> = () => ({}),
): MeshModel {
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  return modelOf(numbers.map(i => ({ name: `cluster${i}`, network: network(i), ...settings(i) })));
}

const ownNetwork = (i: number) => `network${i}`;
const names = (...numbers: number[]) => numbers.map(i => `cluster${i}`);
const allFrames = ({ frames, groups }: MeshGraph): NetworkFrame[] =>
  [...frames, ...groups.flatMap(group => group.frames)];
const arrowsOf = (model: MeshModel) =>
  meshGraph(model).arrows.map(({ ends, label = [] }) => [ends, label].flat(2).join(' '));
const junctionsOf = (model: MeshModel) => meshGraph(model).junctions.map(({ ends }) => ends.join(' '));

test('two clusters on two networks are linked through their gateways', () => {
  const { frames, arrows, summary } = meshGraph(meshOf(2, ownNetwork));
  expect(summary).toBe('2 clusters on 2 networks, 1 linked pair');
  expect(frames.map(({ network, boxes, gateways }) => [network, boxes[0].name, gateways[0].lines])).toEqual([
    ['network1', 'cluster1', ['15443 load balancer']],
    ['network2', 'cluster2', ['15443 load balancer']],
  ]);
  expect(arrows).toEqual([{ ends: ['g1', 'g2'], isDirect: false }]);
});

test('two clusters on one network are linked directly, without gateways', () => {
  const { frames, arrows } = meshGraph(meshOf(2, () => 'flat'));
  expect(frames[0].gateways).toEqual([]);
  expect(arrows).toEqual([{ ends: ['c1', 'c2'], isDirect: true }]);
});

test('a cluster shows its version, revision, canary and tags, and whether it has no peers', () => {
  const canary = { revision: 'next', istioVersion: '1.32.0' };
  const [one, two] = meshGraph(modelOf([
    { name: 'one', network: 'a', revision: 'stable', canary, revisionTags: { prod: 'stable' } },
    { name: 'two', network: 'b', peers: [] },
  ])).frames.flatMap(({ boxes }) => boxes.map(({ lines }) => lines));
  expect(one).toEqual(['Istio 1.31.0 · stable', 'canary 1.32.0 · next', 'tag prod → stable', 'no peers']);
  expect(two).toEqual(['Istio 1.31.0 · default', 'no peers']);
});

const AWS_SCHEME = 'service.beta.kubernetes.io/aws-load-balancer-scheme';
const AZURE_INTERNAL = 'service.beta.kubernetes.io/azure-load-balancer-internal';

test.each<[object, string]>([
  [{}, '15443 load balancer'],
  [{ loadBalancer: 'aws' }, '15443 public'],
  [{ loadBalancer: { aws: { internal: true } } }, '15443 internal'],
  [{ loadBalancer: { gke: {} } }, '15443 public'],
  [{ loadBalancer: { gke: { internal: true } } }, '15443 internal'],
  [{ loadBalancer: 'aks' }, '15443 public'],
  [{ loadBalancer: { aks: { internal: true } } }, '15443 internal'],
  [{ loadBalancer: { nodePort: { edge: 'yes' } } }, '15443 nodePort'],
  [{ loadBalancer: { metalLb: 'pool1' } }, '15443 MetalLB pool1'],
  [{ loadBalancer: { metalLb: 'p'.repeat(253) } }, `15443 MetalLB ${'p'.repeat(11)}…`],
  [{ service: { type: 'ClusterIP', externalIPs: ['192.0.2.1'] } }, '15443 externalIPs'],
  [{ service: { annotations: { [AWS_SCHEME]: 'internet-facing' } } }, '15443 public'],
  [{ service: { annotations: { [AZURE_INTERNAL]: 'false' } } }, '15443 public'],
  [{ ports: [{ name: 'tls', port: 443, targetPort: 8443 }] }, '443 load balancer'],
])('the label of a gateway with %j is "%s"', (eastWestGateway, line) => {
  const model = modelOf([{ name: 'one', network: 'a' }, { name: 'two', network: 'b' }], { eastWestGateway });
  expect(meshGraph(model).frames[0].gateways[0].lines).toEqual([line]);
});

test('up to 12 clusters, arrows lead from gateway to gateway; of more clusters, from network to network', () => {
  const network = (i: number) => i === 1 ? 'a' : 'b';
  expect(arrowsOf(meshOf(12, network))).toHaveLength(11);
  expect(meshGraph(meshOf(12, network)).frames[1].gateways).toHaveLength(11);
  expect(arrowsOf(meshOf(13, network))).toEqual(['gn1 gn2']);
  expect(meshGraph(meshOf(13, network)).frames[1].gateways.map(({ lines }) => lines))
    .toEqual([['12 × 15443 load balancer']]);
});

test('a full mesh is a junction across networks, and a label within a network', () => {
  expect(arrowsOf(meshOf(2, ownNetwork))).toHaveLength(1);
  const three = meshOf(3, ownNetwork);
  expect([arrowsOf(three), junctionsOf(three)]).toEqual([[], ['g1 g2 g3']]);
  const twelve = meshOf(12, i => ownNetwork(i % 3));
  expect([arrowsOf(twelve), junctionsOf(twelve)]).toEqual([[], ['g1 g2 g3 g4 g5 g6 g7 g8 g9 g10 g11 g12']]);
  expect(allFrames(meshGraph(twelve)).map(({ linkedWithin }) => linkedWithin))
    .toEqual(['full mesh', 'full mesh', 'full mesh']);
});

test('a hub has an arrow to each spoke, or one to the group of many spokes', () => {
  const hubAndSpokes = (count: number) => meshOf(count, ownNetwork, i => ({ peers: i === 1 ? ['*'] : ['cluster1'] }));
  expect(arrowsOf(hubAndSpokes(12))).toEqual(Array.from({ length: 11 }, (_, i) => `g1 g${i + 2}`));
  const { groups } = meshGraph(hubAndSpokes(60));
  expect(arrowsOf(hubAndSpokes(60))).toEqual([`gn1 ${groups[0].id}`]);
  expect(groups.map(({ title, frames }) => [title, frames.length]))
    .toEqual([['59 networks, not linked with each other', 59]]);
});

test('a full mesh of 60 networks is one group without arrows', () => {
  const { frames, groups, arrows, junctions, summary } = meshGraph(meshOf(60, ownNetwork));
  expect([frames, arrows, junctions]).toEqual([[], [], []]);
  expect(summary).toBe('60 clusters on 60 networks, 1,770 linked pairs');
  expect(groups.map(({ title }) => title)).toEqual(['60 networks, full mesh']);
});

test('an arrow between two networks shows how many pairs are linked, if not all are', () => {
  const peers = (i: number) => i < 4 ? names(4, 5, 6).slice(0, i) : names(1, 2, 3).slice(Math.max(0, i - 4));
  const model = meshOf(13, i => i < 4 ? 'a' : 'b', i => ({ peers: peers(i) }));
  expect(arrowsOf(model)).toEqual(['gn1 gn2 6 of 30 pairs']);
  expect(allFrames(meshGraph(model)).map(({ notes }) => notes))
    .toEqual([['not linked with each other'], ['not linked with each other']]);
});

test('a large network shows which of its clusters are linked', () => {
  const frame = (peers: (i: number) => string[]) =>
    meshGraph(meshOf(60, () => 'flat', i => ({ peers: peers(i) }))).frames[0];
  expect(frame(() => ['*']).linkedWithin).toBe('full mesh');
  expect(frame(i => i === 1 ? ['*'] : ['cluster1']).linkedWithin).toBe('cluster1 linked with all others');
  expect(frame(i => i <= 2 ? ['*'] : names(1, 2)).linkedWithin).toBe('2 clusters linked with all others');
  expect(frame(i => i === 1 ? ['cluster2'] : i === 2 ? ['cluster1'] : []).linkedWithin).toBe('1 of 1,770 pairs linked');
  expect(frame(() => [])).toMatchObject({ linkedWithin: undefined, notes: ['not linked with each other'] });
});

test('instead of too many arrows, each network shows with how many others it is linked', () => {
  const isPeer = (i: number, j: number) => j !== i && (i * j * 31 + (i + j) * 17) % 101 < 40;
  const numbers = Array.from({ length: 60 }, (_, i) => i + 1);
  const model = meshOf(60, ownNetwork, i => ({ peers: names(...numbers.filter(j => isPeer(i, j))) }));
  const graph = meshGraph(model);
  expect([graph.arrows, graph.junctions]).toEqual([[], []]);
  for (const { notes, boxes: [{ name }] } of allFrames(graph)) {
    const { length } = model.clusters.find(cluster => cluster.name === name)!.peers;
    expect(notes).toEqual(length === 0 ? [] : [`linked with ${length} other network${length === 1 ? '' : 's'}`]);
  }
});

test('the SVG is well-formed, fits the page, has a description, and has colours for dark pages', () => {
  const text = svg(meshOf(3, ownNetwork))();
  expect(malformedParts(text)).toBe('');
  expect(text).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="[-\d. ]+" width="\d+" height="\d+" /);
  expect(text).toContain('<title id="title">Istio mesh mesh1</title>');
  expect(text).toContain('<desc id="desc">3 clusters on 3 networks, 3 linked pairs.');
  expect(text).toContain('max-width: 100%');
  expect(text).toContain('@media (prefers-color-scheme: dark)');
  expect(text).not.toMatch(/<!--|Arial"|Generated/);
});

test('every colour of the SVG has a replacement on dark pages', () => {
  const text = svg(meshOf(13, i => ownNetwork(i % 3), i => ({ peers: i < 8 ? ['*'] : [] })))();
  const used = new Set([...text.matchAll(/(?:fill|stroke)="(#\w+)"/g)].map(([, colour]) => colour));
  expect([...used].filter(colour => !text.includes(`[fill="${colour}"]`))).toEqual([]);
  expect(text).not.toMatch(/(fill|stroke)="(?!#|none)/);
});

test('long and unusual names are not changed', () => {
  const clusters = [
    { name: 'a'.repeat(63), network: 'N'.repeat(63) },
    { name: '007', network: 'a.b_c' },
    { name: 'end', network: '1.30' },
  ];
  const model = modelOf(clusters);
  const texts = [...svg(model)().matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);
  expect(texts).toEqual(expect.arrayContaining(clusters.flatMap(({ name, network }) => [name, network])));
  expect(mermaid(model)).toContain('subgraph n2["a.b_c"]');
});

test('characters with a meaning in the format are escaped', () => {
  const model = { ...meshOf(2, ownNetwork), meshID: 'a"b\\c' };
  const odd = { ...model, clusters: model.clusters.map(cluster => ({ ...cluster, network: '<"&`#' })) };
  expect(malformedParts(svg(odd)())).toBe('');
  expect(dot(meshGraph(odd))).toContain('digraph "a\\"b\\\\c" {');
  expect(mermaid(odd)).toContain('["#lt;#quot;#amp;#96;#35;"]');
});

test('line breaks and control characters are escaped', () => {
  const loadBalancer = LoadBalancer.metalLb('a\nb\u001bc\u2028');
  const model = meshOf(2, ownNetwork, () => ({ eastWestGateway: { loadBalancer } }));
  for (const drawn of [mermaid(model), dot(meshGraph(model)), svg(model)()]) {
    expect(drawn).toContain('a\\nb\\u001b');
    expect(drawn).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u2028]/);
  }
});

test('equal meshes give equal diagrams', () => {
  const diagrams = () => {
    const model = meshOf(12, ownNetwork);
    return [svg(model)(), mermaid(model), dot(meshGraph(model))];
  };
  expect(diagrams()).toEqual(diagrams());
});

test('an error of Graphviz, or no answer, is an error that gives the reason', () => {
  const draw = (graphviz: Graphviz, graph: string) => () => graphviz.layout(graph)!();
  const error = 'cannot draw the diagram of the mesh: ';
  expect(draw(new Graphviz('/nowhere/viz'), 'digraph {}')).toThrow(`${error}Cannot find module '/nowhere/viz'`);
  expect(draw(new Graphviz(undefined, 0), 'digraph {}')).toThrow(`${error}Graphviz did not answer within 0 seconds`);
  expect(draw(new Graphviz(), 'digraph {')).toThrow(`${error}syntax error`);
});

test('a thread that crashes, e.g. without memory, is an error, and gets no more graphs', async () => {
  const crash = "setTimeout(() => { throw new Error('out of memory'); }); "
    + 'exports.instance = () => new Promise(() => {});';
  const graphviz = new Graphviz(join(directoryWith({ 'crash.js': crash }), 'crash.js'), 0);
  expect(graphviz.layout('digraph {}')!)
    .toThrow('cannot draw the diagram of the mesh: Graphviz did not answer within 0 seconds');
  while (graphviz.layout('digraph {}')) {
    await new Promise(setImmediate); // until the thread has ended
  }
});

test('any mesh is drawn with each cluster once, and with all links', () => {
  fc.assert(fc.property(randomMeshes(temporaryDirectory()), ({ defaults, ...mesh }) => {
    const { model } = resolveMesh(definitionOf({ ...mesh, defaults } as any));
    if (new Set(model.clusters.map(({ name }) => name)).size < model.clusters.length) {
      return; // such a mesh has errors, and is never drawn
    }
    const graph = meshGraph(model);
    const drawnNames = allFrames(graph).flatMap(({ boxes }) => boxes.map(({ name }) => name));
    expect(drawnNames.sort()).toEqual(model.clusters.map(({ name }) => name).sort());
    const pairs = linkedPairs(model.clusters).map(pair => pair.map(({ name }) => name).sort().join(' '));
    expect(drawnPairs(graph)).toEqual(pairs.sort());
    const ids = graph.frames.flatMap(({ boxes, gateways }) => [...boxes, ...gateways].map(({ id }) => id));
    ids.forEach(id => expect(mermaid(model)).toMatch(new RegExp(`\\b${id}\\b|c\\["`)));
  }), { seed: SEED, numRuns: 300 });
});

/** The linked pairs that a diagram of a small mesh shows, as arrows, junctions and labels. */
function drawnPairs({ frames, arrows, junctions }: MeshGraph): string[] {
  const clusters = new Map(frames.flatMap(({ network, boxes, gateways }) => boxes.flatMap(({ id: box, name }) => {
    const ends = [box, ...gateways.filter(gateway => gateway.box === box).map(({ id }) => id)];
    return ends.map(end => [end, { name, network }] as const);
  })));
  const pair = (a: string, b: string) => [clusters.get(a)!.name, clusters.get(b)!.name].sort().join(' ');
  const pairsAmong = (ends: readonly string[], isLinked: (a: string, b: string) => boolean = () => true) =>
    ends.flatMap((a, i) => ends.slice(i + 1).filter(b => isLinked(a, b)).map(b => pair(a, b)));
  const areOnDifferentNetworks = (a: string, b: string) => clusters.get(a)!.network !== clusters.get(b)!.network;
  const fullMeshes = frames.filter(({ linkedWithin }) => linkedWithin === 'full mesh');
  return [
    ...arrows.map(({ ends: [a, b] }) => pair(a, b)),
    ...junctions.flatMap(({ ends, frame }) =>
      pairsAmong(ends, frame === undefined ? areOnDifferentNetworks : undefined)),
    ...fullMeshes.flatMap(({ boxes }) => pairsAmong(boxes.map(({ id }) => id))),
  ].sort();
}

/** The parts of an XML text that are not well-formed tags, attributes and entities. */
function malformedParts(text: string): string {
  const open: string[] = [];
  const rest = text.replace(/<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/gi, (_, end, name, __, empty) => {
    if (end && open.pop() !== name) {
      return `<${name}`;
    }
    if (!end && !empty) {
      open.push(name);
    }
    return '';
  });
  return [...rest.match(/<.*|&(?!(amp|lt|gt|quot|#\d+);).*/g) ?? [], ...open].join();
}
