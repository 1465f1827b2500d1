import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { type Schema, meshSchema, resolved } from '../../src/core/schema';
import { ROOT } from '../support/markdown';

const PAGE = readFileSync(join(ROOT, 'docs/reference/mesh-yaml.md'), 'utf-8');
const CLUSTER: Schema = { $ref: '#/$defs/ClusterProps' };

/**
 * Keys, and forms of providers, by their whole paths: `clusters` for what stands at a cluster alone or as well is left
 * out.
 */
function inSchema(schema: Schema, path: string): string[] {
  const element = schema.items ?? (schema.additionalProperties || undefined);
  if (element) {
    return inSchema(element, path + (schema.items ? '[]' : '.*'));
  }
  const { properties = {}, required = [], anyOf } = /^#\/\$defs\/[A-Z]\w*$/.test(schema.$ref ?? '')
    && schema.$ref !== CLUSTER.$ref ? resolved(schema) : {};
  return [
    ...Object.entries(properties)
      .flatMap(([key, below]) =>
        [`${path}.${key}${required.includes(key) ? ' (required)' : ''}`, ...inSchema(below, `${path}.${key}`)]),
    ...(anyOf ?? []).flatMap(form =>
      form.const ? [`${path} = ${form.const}`]
        : [`${path} = {${form.required![0]}: …}`,
          ...inSchema(form.properties![form.required![0]], `${path}.${form.required![0]}`)]),
  ];
}

/** Rows of a section, each as its cells. */
function rows(section: string): string[][] {
  return section.split('\n').filter(line => line.startsWith('| ')).slice(2)
    .map(line => line.split(/(?<!\\)\|/).slice(1, -1).map(cell => cell.trim()));
}

const [, first, ...sections] = PAGE.split(/^##+ /m);

/** The same of the page, of whose sections each may be of several places. */
function onPage(section: string): string[] {
  const [, heading] = /^`(.*)`/.exec(section)!;
  const [, others = ''] = /^(.*) ha(?:ve|s) the same form\.$/m.exec(section) ?? [];
  const isFamily = section.includes('\n| form |');
  return [heading, ...[...others.matchAll(/`([^`]+)`/g)].map(([, path]) => path)].flatMap(path =>
    rows(section).flatMap(([cell]) => isFamily
      ? [...cell.matchAll(/`(?:(\w+)|\{(\w+): .*?\})`/g)].map(([, word, member]) =>
        `${path} = ${word ?? `{${member}: …}`}`)
      : [path + cell.replace(/^`([^`]+)`/, '.$1')]));
}

test('the page has every key of the mesh and of a cluster, where it may stand, and no other', () => {
  const [mesh, cluster] = [meshSchema(), resolved(CLUSTER)];
  const expected = [...new Set([...Object.keys(mesh.properties!), ...Object.keys(cluster.properties!)])].map(key => [
    `\`${key}\`${[...mesh.required!, ...cluster.required!].includes(key) ? ' (required)' : ''}`,
    !(key in cluster.properties!) ? 'mesh' : !(key in mesh.properties!) ? 'cluster' : 'both',
  ]);
  expect(rows(first).map(cells => cells.slice(0, 2)).sort()).toEqual(expected.sort());
});

test('the page has every key and every form below those, and no other', () => {
  const expected = Object.entries(meshSchema().properties!).flatMap(([key, below]) => inSchema(below, key));
  expect(expected.length).toBeGreaterThan(150);
  expect(sections.flatMap(onPage).sort()).toEqual(expected.sort());
});

test('every row of a table has as many cells as its head', () => {
  const tables = [
    first, ...sections,
  ].map(section =>
    section.split('\n').filter(line => line.startsWith('|')).map(line => line.split(/(?<!\\)\|/).length));
  expect(tables.filter(widths => new Set(widths).size !== 1)).toEqual([]);
});

test('the schema that the first line names for editors is in the package', () => {
  const [, path] = /\$schema=node_modules\/cdk8s-istio-mesh\/(\S+)/.exec(PAGE)!;
  expect(existsSync(join(ROOT, path))).toBe(true);
});
