import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { AppliedTree } from './applied-tree';
import type { Gateway, InstalledCluster } from './control-plane';
import { injectedGateway } from './injected-gateway';
import {
  type ControlPlaneRequirements, type InstallerChecks, type InstallerOutput, InstallerProvider, NO_CHECKS,
  PLAIN_OBJECTS,
} from './installer-provider';
import type { Command } from '../../core/command';
import { type Problem, problem } from '../../core/rule';
import { allowedWords, givenEnvironment } from '../../istio/istiod-environment';
import { isMap, present } from '../../util/map';
import { type Path, pathText } from '../../util/path';

/** Settings that describe the existing istiod, since the rules need them. */
const DESCRIPTIONS: readonly Path[] = [
  ['values', 'global', 'proxy', 'clusterDomain'],
  ['values', 'pilot', 'env'],
  ['meshConfig', 'trustDomain'],
  ['meshConfig', 'trustDomainAliases'],
];

/** A control plane that is installed outside this library, and a gateway that it injects. */
export class ExternalInstaller extends InstallerProvider {
  constructor() {
    super('external');
  }

  get _output(): InstallerOutput {
    return PLAIN_OBJECTS;
  }

  get _checks(): InstallerChecks {
    return { ...NO_CHECKS, controlPlane: controlPlaneProblems };
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

  _commands({ network, revision }: InstalledCluster, { meshID, placeholders }: AppliedTree): Command[] {
    const istiod = revision ? `istiod of revision '${revision}'` : 'istiod';
    const settings = `meshID '${meshID}', clusterName ${placeholders.name}, network '${network}'`;
    return [{ task: `# ${istiod} is installed outside this tool, with ${settings}` }];
  }
}

function controlPlaneProblems(requirements: ControlPlaneRequirements): Problem[] {
  const { profile, hub, tag, compatibilityVersion, components, canary, values, meshConfig } = requirements;
  const configured = present({ profile, hub, tag, compatibilityVersion, components, canary });
  return [
    ...[...Object.keys(configured), ...settingsWithoutEffect({ values, meshConfig })].map(setting =>
      problem(`${setting} has no effect with the installer 'external'`,
        'set it where istiod is installed, and remove it here')),
    ...environmentProblems(requirements),
  ];
}

function environmentProblems({ values, environment = {} }: ControlPlaneRequirements): Problem[] {
  const configured = givenEnvironment(values);
  return Object.entries(environment).filter(([name, value]) => ordered(configured[name]) !== ordered(value))
    .map(([name, value]) => problem(
      `istiod needs the variable ${name}: '${value}' to read its peers, and the installer 'external' does not set it`,
      'set it where istiod is installed, and repeat it in values.pilot.env',
    ));
}

/** The words of a variable in one order, so that equal lists are equal texts. */
function ordered(value: string | undefined): string {
  return allowedWords(value).sort().join();
}

/** Paths of the settings that do not describe istiod. */
function settingsWithoutEffect(value: unknown, path: Path = []): string[] {
  if (value === undefined || DESCRIPTIONS.some(known => known.every((key, i) => path[i] === key))) {
    return [];
  }
  return isMap(value)
    ? Object.entries(value).flatMap(([key, entry]) => settingsWithoutEffect(entry, [...path, key])) : [pathText(path)];
}
