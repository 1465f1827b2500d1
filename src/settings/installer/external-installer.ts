import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { AppliedTree } from './applied-tree';
import type { Gateway, InstalledCluster } from './control-plane';
import { injectedGateway } from './injected-gateway';
import type { AskedControlPlane } from './installer-provider';
import { InstallerProvider } from './installer-provider';
import type { Command } from '../../core/command';
import { allowedWords, givenEnvironment } from '../../istio/istiod-environment';
import { isMap, present } from '../../util/map';
import type { Path } from '../../util/path';
import { pathText } from '../../util/path';

/** What istiod has and the checks must know: no key below these is anybody's wish. */
const KNOWN: readonly Path[] = [
  ['values', 'global', 'proxy', 'clusterDomain'],
  ['values', 'pilot', 'env'],
  ['meshConfig', 'trustDomain'],
  ['meshConfig', 'trustDomainAliases'],
];

/** A control plane that somebody else installs, and a gateway that it injects. */
export class ExternalInstaller extends InstallerProvider {
  constructor() {
    super('external');
  }

  _controlPlane(): undefined {
    return undefined;
  }

  _canary(): undefined {
    return undefined;
  }

  _gateway(scope: Construct, id: string, gateway: Gateway): ApiObject {
    return injectedGateway(scope, id, gateway);
  }

  _problems({ values, meshConfig, environment = {}, ...plane }: AskedControlPlane): string[] {
    const { profile, hub, tag, compatibilityVersion, components, canary } = plane;
    const own = present({ profile, hub, tag, compatibilityVersion, components, canary });
    const settings = [...Object.keys(own), ...unknownLeaves({ values, meshConfig })];
    const given = givenEnvironment(values);
    return [
      ...settings.map(setting => `${setting} has no effect with 'external', since somebody else installs istiod; say it there, and remove it here`),
      ...Object.entries(environment).filter(([name, value]) => ordered(given[name]) !== ordered(value))
        .map(([name, value]) => `istiod needs the variable ${name}: '${value}' to read its peers, and with 'external' somebody else installs it; `
          + 'have it set there, and then say so in values.pilot.env'),
    ];
  }

  _commands({ network, revision }: InstalledCluster, { meshID, words: { name } }: AppliedTree): Command[] {
    return [{ task: `# istiod${revision && ` of revision '${revision}'`} is somebody else's: with meshID '${meshID}', clusterName ${name}, network '${network}'` }];
  }
}

/** The words of a variable in one order, so that equal lists are equal texts. */
function ordered(value: string | undefined): string {
  return allowedWords(value).sort().join();
}

/** Places of what is said beyond what is known. */
function unknownLeaves(value: unknown, path: Path = []): string[] {
  if (value === undefined || KNOWN.some(known => known.every((key, i) => path[i] === key))) {
    return [];
  }
  return isMap(value) ? Object.entries(value).flatMap(([key, entry]) => unknownLeaves(entry, [...path, key])) : [pathText(path)];
}
