import { FamilyForm } from './family';
import { GitOps } from './git-ops/git-ops';
import { Installer } from './installer/installer';
import { LoadBalancer } from './load-balancer';
import { withEntries } from './map';
import { LinkDestination } from './remote-credentials/link-destination';
import { RemoteCredentials } from './remote-credentials/remote-credentials';
import { argumentSchema, resolved, Schema, schemaAt } from './schema';
import { SecretValue } from './secret-value';
import { Trust } from './trust/trust';

const FAMILIES: { readonly [name: string]: object } = { GitOps, Installer, LinkDestination, LoadBalancer, RemoteCredentials, SecretValue, Trust };

/**
 * The same data with every written form of a member of a family replaced by that member.
 *
 * `{plainToken: {env: X}}` becomes `RemoteCredentials.plainToken(SecretValue.env('X'))`: the schema tells where families are and what
 * their factories take.
 */
export function withMembers(schema: Schema | undefined, value: unknown): unknown {
  const family = schema && resolved(schema);
  if (family?.['x-family']) {
    return member(family, value as FamilyForm);
  }
  return family ? withEntries(value, (entry, key) => withMembers(schemaAt(family, key), entry)) : value;
}

function member(family: Schema, form: FamilyForm): unknown {
  const factories = FAMILIES[family['x-family']!] as { readonly [factory: string]: (argument?: unknown) => unknown };
  if (typeof form === 'string') {
    return factories[form]();
  }
  const [[factory, argument]] = Object.entries(form);
  return factories[factory](withMembers(argumentSchema(family, factory), argument));
}
