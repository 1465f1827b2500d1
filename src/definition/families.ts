import type { FamilyForm } from '../core/family';
import type { Schema } from '../core/schema';
import { argumentSchema, resolved, schemaAt } from '../core/schema';
import { GitOps } from '../settings/git-ops/git-ops';
import { Installer } from '../settings/installer/installer';
import { LoadBalancer } from '../settings/load-balancer';
import { LinkDestination } from '../settings/remote-credentials/link-destination';
import { RemoteCredentials } from '../settings/remote-credentials/remote-credentials';
import { SecretValue } from '../settings/secret-value';
import { Trust } from '../settings/trust/trust';
import { withEntries } from '../util/map';

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
