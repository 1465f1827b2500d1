import type { Change, Compared } from './change';
import { Impact, listed } from './change';
import { linkCommand } from './cluster-aspects';
import type { ClusterModel } from '../../definition/mesh-model';
import { linkedPairs, MANY_CLUSTERS } from '../../definition/topology';
import type { CredentialDelivery } from '../../settings/remote-credentials/credential-delivery';
import { counted } from '../../util/text';
import { unreachable } from '../../util/unreachable';

/** Two linked clusters by their names, each with the other. */
type Link = readonly [string, string];

/** More of them tell nobody more. */
const MAX_HUBS = MANY_CLUSTERS;

/** Links that are new, and links that are gone. */
export function linkChanges({ before, after, file }: Compared): Change[] {
  const [older, newer] = [linksOf(before.clusters), linksOf(after.clusters)];
  const added = [...newer].filter(([key]) => !older.has(key)).map(([, link]) => link);
  const removed = [...older].filter(([key]) => !newer.has(key)).map(([, link]) => link);
  return [
    ...removed.length === 0 ? [] : [{
      ...change('linksRemoved', removed, Impact.INTERRUPTS, before.clusters.length),
      consequence: goneBy(removed, before.clusters, file),
    }],
    ...added.length === 0 ? [] : [{
      ...change('linksAdded', added, Impact.CHANGES, after.clusters.length),
      consequence: bringers(added, after.clusters, delivery => addedBy(delivery, file)),
    }],
  ];
}

/** The clusters whose links are others than before. */
export function relinked({ before, after }: Compared): Set<string> {
  const [older, newer] = [linksOf(before.clusters), linksOf(after.clusters)];
  const changed = [...[...newer].filter(([key]) => !older.has(key)), ...[...older].filter(([key]) => !newer.has(key))];
  return new Set(changed.flatMap(([, link]) => link));
}

function linksOf(clusters: readonly ClusterModel[]): Map<string, Link> {
  return new Map(linkedPairs(clusters).map(([{ name: one }, { name: other }]) => [one < other ? `${one}\n${other}` : `${other}\n${one}`, [one, other]]));
}

function change(kind: string, links: readonly Link[], impact: Impact, clusters: number): Change {
  const stars = starsOf(links);
  const told = stars.slice(0, MAX_HUBS).map(([hub, others], i) =>
    `${hub} with ${others.length > 2 && others.length === clusters - 1 - i ? 'all others' : listed(others, MANY_CLUSTERS)}`);
  const more = stars.length > MAX_HUBS ? `; and those of ${counted(stars.length - MAX_HUBS, 'more cluster')}` : '';
  return {
    kind,
    impact,
    clusters: [],
    values: [`${told.join('; ')}${more}, both ways`],
    says: (_, [which]) => `${counted(2 * links.length, 'link')} ${kind === 'linksAdded' ? 'added' : 'removed'}: ${which}`, // as synth and verify count: one each way
  };
}

/** The links as a list for each of few clusters: always that of the one which has most of the rest. */
function starsOf(links: readonly Link[]): Array<[hub: string, others: string[]]> {
  const rest = new Map<string, Set<string>>();
  const put = (one: string, other: string) => rest.set(one, (rest.get(one) ?? new Set()).add(other));
  links.forEach(([one, other]) => {
    put(one, other);
    put(other, one);
  });
  const stars: Array<[string, string[]]> = [];
  while (rest.size > 0) {
    const [hub, others] = [...rest].reduce((most, one) => one[1].size > most[1].size ? one : most);
    stars.push([hub, [...others]]);
    rest.delete(hub);
    for (const other of others) {
      const left = rest.get(other)!;
      left.delete(hub);
      if (left.size === 0) {
        rest.delete(other);
      }
    }
  }
  return stars;
}

/** How each kind of credentials brings links, each said once. */
function bringers(links: readonly Link[], clusters: readonly ClusterModel[], tell: (delivery: CredentialDelivery) => string): string {
  const linked = new Set(links.flat());
  const deliveries = clusters.filter(({ name }) => linked.has(name)).map(({ remoteCredentials }) => remoteCredentials._delivery);
  return [...new Set(deliveries.map(tell))].join('; ');
}

function addedBy(delivery: CredentialDelivery, file: string): string {
  switch (delivery.kind) {
    case 'linked': return `run ${linkCommand(file)}`;
    case 'tree': return 'their Secrets are in the trees';
    case 'store': return 'External Secrets brings them';
    case 'external': return 'somebody else brings them';
    default: return unreachable(delivery);
  }
}

function removedBy(delivery: CredentialDelivery, file: string): string {
  switch (delivery.kind) {
    case 'linked':
      return `run ${linkCommand(file, ' --prune')}`;
    case 'external':
      return 'whoever brought them must remove them';
    case 'tree':
    case 'store':
      return 'remove their objects in 60-remote-secrets of the peers from the clusters, which kubectl leaves and a GitOps tool that prunes does not';
    default:
      return unreachable(delivery);
  }
}

function goneBy(links: readonly Link[], clusters: readonly ClusterModel[], file: string): string {
  return `endpoints behind them are gone as soon as their Secrets are; ${bringers(links, clusters, delivery => removedBy(delivery, file))}`;
}
