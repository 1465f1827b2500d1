import type { ControlPlaneRequirements } from './installer-provider';
import { componentProblems } from './sail-components';
import { effectiveRevision, isPluginEnabled, isRevisionBased, istioName, istioValues } from './sail-objects';
import { type SailOptions, type SailUpdateStrategy, SailUpdateStrategyType } from './sail-options';
import { sailProblems } from './sail-schema';
import { type MaybeProblem, type Problem, type Violation, problem } from '../../core/rule';
import { revisionProblem } from '../../istio/names';
import { pathText } from '../../util/path';

/** Settings of a control plane that the Sail operator does not support. */
export function controlPlaneProblems(options: SailOptions, requirements: ControlPlaneRequirements): MaybeProblem[] {
  const { canary, revision, istioVersion, values, components } = requirements;
  const hasValidName = !revisionProblem('revision', istioName(revision));
  const effective = effectiveRevision(options, revision, istioVersion);
  return [
    versionProblem(options.version, istioVersion),
    ...strategyProblems(options.updateStrategy ?? {}),
    isRevisionBased(options) && hasValidName && revisionProblem('the revision that Sail creates,', effective),
    canary && isRevisionBased(options) && problem('canary creates a second control plane, and so does updateStrategy '
      + 'RevisionBased for each istioVersion', 'remove one of them'),
    isPluginEnabled(requirements) === false && values?.cni !== undefined
      && problem('values.cni has no effect while the CNI plugin is disabled', 'remove it, or enable the plugin'),
    ...componentProblems(components),
  ];
}

function strategyProblems(strategy: SailUpdateStrategy): MaybeProblem[] {
  const { type, inactiveRevisionDeletionGracePeriodSeconds: seconds } = strategy;
  const types = Object.values(SailUpdateStrategyType);
  const field = 'updateStrategy.inactiveRevisionDeletionGracePeriodSeconds';
  const isValid = seconds === undefined || (Number.isInteger(seconds) && seconds >= 0);
  return [
    type !== undefined && !types.includes(type)
      && problem(`updateStrategy.type '${type}' is not an update strategy of Sail`, `write one of ${types.join(', ')}`),
    !isValid && problem(`${field} ${seconds} is not a whole number of at least 0`),
    seconds !== undefined && isValid && type !== SailUpdateStrategyType.REVISION_BASED
      && problem(`${field} has no effect with the update strategy InPlace, which leaves no unused control plane`,
        'set updateStrategy.type to RevisionBased, or remove it'),
  ];
}

/** Sail's version must be the one that the rules check. */
function versionProblem(version: string | undefined, istioVersion: string | undefined): MaybeProblem {
  if (istioVersion === undefined) {
    return problem('istioVersion is missing, but Sail needs it', 'write it as x.y.z, e.g. 1.31.0');
  }
  if (version === undefined || !/^\d+\.\d+\.\d+$/.test(istioVersion)) {
    return undefined;
  }
  const [minor] = /^\d+\.\d+/.exec(istioVersion)!;
  const fix = `write 'v${istioVersion}' or 'v${minor}-latest'`;
  if (!/^v\d+\.\d+(\.\d+(-[a-z0-9.]+)?|-latest)$/.test(version)) {
    return problem(`version '${version}' is not a version name of Sail`, fix);
  }
  return version === `v${minor}-latest` || version === `v${istioVersion}` || version.startsWith(`v${istioVersion}-`)
    ? undefined : problem(`version '${version}' does not match istioVersion '${istioVersion}'`,
      `${fix}, or change istioVersion`);
}

/** Settings that Sail's API does not have, so that an API server would drop them. */
export function unknownSettings(requirements: ControlPlaneRequirements): Violation[] {
  const { revisionTags, ...values } = istioValues({ ...requirements, components: undefined }); // IM015 reports the tags
  const { cni } = requirements.values ?? {};
  const problems = [
    ...sailProblems('Istio', { version: '', namespace: '', values }),
    ...cni === undefined ? [] : sailProblems('IstioCNI', { version: '', namespace: '', values: { cni } }),
  ];
  return problems.map(({ path, ...found }) => {
    const setting = path[1] === 'meshConfig' ? path.slice(1) : path;
    const text = pathText(setting);
    const { message, suggestion } = REMOVED[text] ?? found;
    return { path: setting, ...problem(`${text} is not supported by Sail's API: ${message}`, suggestion) };
  });
}

/** Values that Sail does not have at all. */
const REMOVED: { readonly [setting: string]: Problem } = {
  'values.gateways': problem('it does not install gateways',
    'set eastWestGateway for the east-west gateway, and add the objects of others to resources'),
  'values.ztunnel': problem('it is for ambient mode', 'remove it'),
};
