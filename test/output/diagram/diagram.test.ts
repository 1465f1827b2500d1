import { join } from 'path';
import * as fc from 'fast-check';
import type { ClusterProps } from '../../../src';
import { LoadBalancer } from '../../../src';
import { definitionOf } from '../../../src/definition/definition';
import type { MeshModel } from '../../../src/definition/mesh-model';
import { meshModel } from '../../../src/definition/mesh-model';
import { linkedPairs } from '../../../src/definition/topology';
import { dot } from '../../../src/output/diagram/dot';
import type { Frame, MeshGraph } from '../../../src/output/diagram/graph';
import { meshGraph } from '../../../src/output/diagram/graph';
import { mermaid } from '../../../src/output/diagram/mermaid';
import { svg } from '../../../src/output/diagram/svg';
import { Graphviz } from '../../../src/util/host/graphviz';
import { directoryWith } from '../../support/mesh-util';
import { randomMeshes, SEED } from '../../support/random-meshes';
import { temporaryDirectory } from '../../support/util';

function modelOf(clusters: ClusterProps[], both: object = {}): MeshModel {
  return meshModel(definitionOf({ meshID: 'mesh1', istioVersion: '1.31.0', apiServer: 'https://$(cluster).example.com', clusters, ...both })).model;
}

/** So many clusters, the network of each by its number from 1 on. */
function many(count: number, network: (i: number) => string, more: (i: number) => Partial<ClusterProps> = () => ({})): MeshModel {
  return modelOf(Array.from({ length: count }, (_, i) => ({ name: `cluster${i + 1}`, network: network(i + 1), ...more(i + 1) })));
}

const own = (i: number) => `network${i}`;
const allFrames = ({ frames, groups }: MeshGraph): Frame[] => [...frames, ...groups.flatMap(group => group.frames)];
const arrowsOf = (model: MeshModel) => meshGraph(model).arrows.map(({ ends, label }) => [...ends, ...label === undefined ? [] : [label]].join(' '));
const junctionsOf = (model: MeshModel) => meshGraph(model).junctions.map(({ ends }) => ends.join(' '));

test('two clusters on two networks are linked by their gateways', () => {
  const { frames, arrows, summary } = meshGraph(many(2, own));
  expect(summary).toBe('2 clusters, on 2 networks, 1 linked pair');
  expect(frames.map(({ network, boxes, gateways }) => [network, boxes[0].name, gateways[0].lines])).toEqual([
    ['network1', 'cluster1', ['15443 load balancer']], ['network2', 'cluster2', ['15443 load balancer']],
  ]);
  expect(arrows).toEqual([{ ends: ['g1', 'g2'], isDirect: false }]);
});

test('two clusters on one network are linked directly, and need no gateway', () => {
  const { frames, arrows } = meshGraph(many(2, () => 'flat'));
  expect(frames[0].gateways).toEqual([]);
  expect(arrows).toEqual([{ ends: ['c1', 'c2'], isDirect: true }]);
});

test('a cluster tells its version, revision, canary and tags, and whether it is alone', () => {
  const [one, two] = meshGraph(modelOf([
    { name: 'one', network: 'a', revision: 'stable', canary: { revision: 'next', istioVersion: '1.32.0' }, revisionTags: { prod: 'stable' } },
    { name: 'two', network: 'b', peers: [] },
  ])).frames.flatMap(({ boxes }) => boxes.map(({ lines }) => lines));
  expect(one).toEqual(['Istio 1.31.0 · stable', 'canary 1.32.0 · next', 'tag prod → stable', 'linked with no other']);
  expect(two).toEqual(['Istio 1.31.0 · default', 'linked with no other']);
});

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
  [{ service: { annotations: { 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing' } } }, '15443 public'],
  [{ service: { annotations: { 'service.beta.kubernetes.io/azure-load-balancer-internal': 'false' } } }, '15443 public'],
  [{ ports: [{ name: 'tls', port: 443, targetPort: 8443 }] }, '443 load balancer'],
])('a gateway of %j is told of as %s', (eastWestGateway, line) => {
  const model = modelOf([{ name: 'one', network: 'a' }, { name: 'two', network: 'b' }], { eastWestGateway });
  expect(meshGraph(model).frames[0].gateways[0].lines).toEqual([line]);
});

test('up to 12 clusters a link leads from gateway to gateway, and of more from network to network', () => {
  const network = (i: number) => i === 1 ? 'a' : 'b';
  expect(arrowsOf(many(12, network))).toHaveLength(11);
  expect(meshGraph(many(12, network)).frames[1].gateways).toHaveLength(11);
  expect(arrowsOf(many(13, network))).toEqual(['gn1 gn2']);
  expect(meshGraph(many(13, network)).frames[1].gateways.map(({ lines }) => lines)).toEqual([['12 × 15443 load balancer']]);
});

test('where each is linked with each, one junction says so, and on one network a word', () => {
  expect(arrowsOf(many(2, own))).toHaveLength(1);
  expect([arrowsOf(many(3, own)), junctionsOf(many(3, own))]).toEqual([[], ['g1 g2 g3']]);
  const four = many(12, i => own(i % 3));
  expect([arrowsOf(four), junctionsOf(four)]).toEqual([[], ['g1 g2 g3 g4 g5 g6 g7 g8 g9 g10 g11 g12']]);
  expect(allFrames(meshGraph(four)).map(({ within }) => within)).toEqual(['each with each', 'each with each', 'each with each']);
});

test('a hub with spokes on networks of their own is an arrow to each, and of many, one to all of them', () => {
  const spokes = (count: number) => many(count, own, i => ({ peers: i === 1 ? ['*'] : ['cluster1'] }));
  expect(arrowsOf(spokes(12))).toEqual(Array.from({ length: 11 }, (_, i) => `g1 g${i + 2}`));
  const { groups } = meshGraph(spokes(60));
  expect(arrowsOf(spokes(60))).toEqual([`gn1 ${groups[0].id}`]);
  expect(groups.map(({ title, frames }) => [title, frames.length])).toEqual([['59 networks, not linked with each other', 59]]);
});

test('60 networks of which each is linked with each are one group without arrows', () => {
  const { frames, groups, arrows, junctions, summary } = meshGraph(many(60, own));
  expect([frames, arrows, junctions]).toEqual([[], [], []]);
  expect(summary).toBe('60 clusters, on 60 networks, 1,770 linked pairs');
  expect(groups.map(({ title }) => title)).toEqual(['60 networks, each with each']);
});

test('two networks of which some pairs are linked say how many', () => {
  const model = many(13, i => i < 4 ? 'a' : 'b', i => ({ peers: i < 4 ? Array.from({ length: i }, (_, j) => `cluster${j + 4}`) : ['cluster1', 'cluster2', 'cluster3'].slice(Math.max(0, i - 4)) }));
  expect(arrowsOf(model)).toEqual(['gn1 gn2 6 of 30 pairs']);
  expect(allFrames(meshGraph(model)).map(({ remarks }) => remarks)).toEqual([['not linked with each other'], ['not linked with each other']]);
});

test('one network of many says who is linked', () => {
  const within = (peers: (i: number) => string[]) => meshGraph(many(60, () => 'flat', i => ({ peers: peers(i) }))).frames[0];
  expect(within(() => ['*']).within).toBe('each with each');
  expect(within(i => i === 1 ? ['*'] : ['cluster1']).within).toBe('cluster1 with each');
  expect(within(i => i === 1 ? ['cluster2'] : i === 2 ? ['cluster1'] : []).within).toBe('1 of 1,770 pairs linked');
  expect(within(() => [])).toMatchObject({ within: undefined, remarks: ['not linked with each other'] });
});

test('more arrows than anybody follows are told in words at each network', () => {
  const model = many(60, own, i => ({ peers: Array.from({ length: 60 }, (_, j) => j + 1).filter(j => j !== i && (i * j * 31 + (i + j) * 17) % 101 < 40).map(j => `cluster${j}`) }));
  const graph = meshGraph(model);
  expect([graph.arrows, graph.junctions]).toEqual([[], []]);
  for (const { remarks, boxes: [{ name }] } of allFrames(graph)) {
    const { peers } = model.clusters.find(cluster => cluster.name === name)!;
    expect(remarks).toEqual(peers.length === 0 ? [] : [`linked with ${peers.length} other network${peers.length === 1 ? '' : 's'}`]);
  }
});

test('the picture is well-formed, scales to the page, tells what it shows, and has two colour schemes', () => {
  const text = svg(many(3, own))();
  expect(wellFormed(text)).toBe('');
  expect(text).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="[-\d. ]+" width="\d+" height="\d+" role="img" aria-labelledby="title desc">\n/);
  expect(text).toContain('<title id="title">Istio mesh mesh1</title>');
  expect(text).toContain('<desc id="desc">3 clusters, on 3 networks, 3 linked pairs.');
  expect(text).toContain('max-width: 100%');
  expect(text).toContain('@media (prefers-color-scheme: dark)');
  expect(text).not.toMatch(/<!--|Arial"|Generated/);
});

test('every colour of the picture has one on a dark page', () => {
  const text = svg(many(13, i => own(i % 3), i => ({ peers: i < 8 ? ['*'] : [] })))();
  const used = new Set([...text.matchAll(/(?:fill|stroke)="(#\w+)"/g)].map(([, colour]) => colour));
  expect([...used].filter(colour => !text.includes(`[fill="${colour}"]`))).toEqual([]);
  expect(text).not.toMatch(/(fill|stroke)="(?!#|none)/);
});

test('names are written as they are, however long or odd', () => {
  const model = modelOf([{ name: 'a'.repeat(63), network: 'N'.repeat(63) }, { name: '007', network: 'a.b_c' }, { name: 'end', network: '1.30' }]);
  const texts = [...svg(model)().matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);
  expect(texts).toEqual(expect.arrayContaining(['a'.repeat(63), 'N'.repeat(63), '007', 'a.b_c', 'end', '1.30']));
  expect(mermaid(model)).toContain('subgraph n2["a.b_c"]');
});

test('what would end a label is escaped in every form', () => {
  const model = { ...many(2, own), meshID: 'a"b\\c' };
  const odd = { ...model, clusters: model.clusters.map(cluster => ({ ...cluster, network: '<"&`#' })) };
  expect(wellFormed(svg(odd)())).toBe('');
  expect(dot(meshGraph(odd))).toContain('digraph "a\\"b\\\\c" {');
  expect(mermaid(odd)).toContain('["#lt;#quot;#amp;#96;#35;"]');
});

test('what nobody can write in a picture is escaped: line breaks, and what moves the cursor', () => {
  const model = many(2, own, () => ({ eastWestGateway: { loadBalancer: LoadBalancer.metalLb('a\nb\u001bc\u2028') } }));
  for (const drawn of [mermaid(model), dot(meshGraph(model)), svg(model)()]) {
    expect(drawn).toContain('a\\nb\\u001b');
    expect(drawn).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u2028]/);
  }
});

test('the same mesh is the same picture', () => {
  const texts = () => [svg(many(12, own))(), mermaid(many(12, own)), dot(meshGraph(many(12, own)))];
  expect(texts()).toEqual(texts());
});

test('a Graphviz that cannot be loaded, and one that does not answer, is said', () => {
  expect(() => new Graphviz('/nowhere/viz').layout('digraph {}')!()).toThrow("the diagram of the mesh cannot be drawn: Cannot find module '/nowhere/viz'");
  expect(() => new Graphviz(undefined, 0).layout('digraph {}')!()).toThrow('the diagram of the mesh cannot be drawn: Graphviz did not answer within 0 seconds');
  expect(() => new Graphviz().layout('digraph {')!()).toThrow('the diagram of the mesh cannot be drawn: syntax error');
});

test('a Graphviz that ends, e.g. for want of memory, is said, takes nothing along, and is asked no more', async () => {
  const library = join(directoryWith({ 'ends.js': "setTimeout(() => { throw new Error('out of memory'); }); exports.instance = () => new Promise(() => {});" }), 'ends.js');
  const graphviz = new Graphviz(library, 1);
  expect(graphviz.layout('digraph {}')!).toThrow('the diagram of the mesh cannot be drawn: Graphviz did not answer within 1 seconds');
  await new Promise(resolve => setTimeout(resolve, 500));
  expect(graphviz.layout('digraph {}')).toBeUndefined();
});

test('in any mesh every cluster is drawn once, and every link is represented', () => {
  fc.assert(fc.property(randomMeshes(temporaryDirectory()), ({ defaults, ...mesh }) => {
    const { model } = meshModel(definitionOf({ ...mesh, defaults } as any));
    if (new Set(model.clusters.map(({ name }) => name)).size < model.clusters.length) {
      return; // refused before it is drawn
    }
    const graph = meshGraph(model);
    const names = allFrames(graph).flatMap(({ boxes }) => boxes.map(({ name }) => name));
    expect(names.sort()).toEqual(model.clusters.map(({ name }) => name).sort());
    expect(drawnPairs(graph)).toEqual(linkedPairs(model.clusters).map(pair => pair.map(({ name }) => name).sort().join(' ')).sort());
    const ids = graph.frames.flatMap(({ boxes, gateways }) => [...boxes, ...gateways].map(({ id }) => id));
    ids.forEach(id => expect(mermaid(model)).toMatch(new RegExp(`\\b${id}\\b|c\\["`)));
  }), { seed: SEED, numRuns: 300 });
});

/** The pairs that a picture with a box for each cluster shows, by arrows, junctions and words. */
function drawnPairs({ frames, arrows, junctions }: MeshGraph): string[] {
  const clusters = new Map(frames.flatMap(({ network, boxes, gateways }) => boxes.flatMap(box =>
    [box.id, ...gateways.filter(gateway => gateway.box === box.id).map(({ id }) => id)].map(id => [id, { name: box.name, network }] as const))));
  const pair = (a: string, b: string) => [clusters.get(a)!.name, clusters.get(b)!.name].sort().join(' ');
  const each = (ends: readonly string[], counts: (a: string, b: string) => boolean) =>
    ends.flatMap((a, i) => ends.slice(i + 1).filter(b => counts(a, b)).map(b => pair(a, b)));
  return [
    ...arrows.map(({ ends: [a, b] }) => pair(a, b)),
    ...junctions.flatMap(({ ends, frame }) => each(ends, (a, b) => frame !== undefined || clusters.get(a)!.network !== clusters.get(b)!.network)),
    ...frames.filter(({ within }) => within === 'each with each').flatMap(({ boxes }) => each(boxes.map(({ id }) => id), () => true)),
  ].sort();
}

/** What is wrong with some XML, as far as its tags and attributes tell. */
function wellFormed(text: string): string {
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
