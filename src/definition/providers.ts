import type { Serialized } from '../core/provider';
import { type Schema, argumentSchema, resolved, schemaAt } from '../core/schema';
import { GitOps } from '../settings/git-ops/git-ops';
import { Installer } from '../settings/installer/installer';
import { LoadBalancer } from '../settings/load-balancer';
import { LinkDestination } from '../settings/remote-credentials/link-destination';
import { RemoteCredentials } from '../settings/remote-credentials/remote-credentials';
import { SecretValue } from '../settings/secret-value';
import { Trust } from '../settings/trust/trust';
import { withEntries } from '../util/map';

const PROVIDERS: { readonly [name: string]: object } = {
  GitOps, Installer, LinkDestination, LoadBalancer, RemoteCredentials, SecretValue, Trust,
};

/**
 * The same data with providers instead of their serialized forms.
 *
 * `{plainToken: {env: X}}` becomes `RemoteCredentials.plainToken(SecretValue.env('X'))`: the schema marks where
 * providers are, and what their factories accept.
 */
export function withProviders(schema: Schema | undefined, value: unknown): unknown {
  const known = schema && resolved(schema);
  if (known?.['x-provider']) {
    return createProvider(known, value as Serialized);
  }
  return known ? withEntries(value, (entry, key) => withProviders(schemaAt(known, key), entry)) : value;
}

function createProvider(schema: Schema, serialized: Serialized): unknown {
  const factories = PROVIDERS[schema['x-provider']!] as { readonly [kind: string]: (argument?: unknown) => unknown };
  if (typeof serialized === 'string') {
    return factories[serialized]();
  }
  const [[kind, argument]] = Object.entries(serialized);
  return factories[kind](withProviders(argumentSchema(schema, kind), argument));
}
