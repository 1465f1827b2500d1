import type { ControlPlaneRequirements } from './installer-provider';
import { componentProblems } from './sail-components';
import { effectiveRevision, isPluginEnabled, isRevisionBased, istioName, istioValues } from './sail-objects';
import { type SailOptions, type SailUpdateStrategy, SailUpdateStrategyType } from './sail-options';
import { sailProblems } from './sail-schema';
import type { Violation } from '../../core/rule';
import { revisionProblem } from '../../istio/names';
import { pathText } from '../../util/path';

/** Settings of a control plane that the Sail operator does not support. */
export function controlPlaneProblems(options: SailOptions, requirements: ControlPlaneRequirements): string[] {
  const { canary, revision, istioVersion, values, components } = requirements;
  const hasValidName = revisionProblem('revision', istioName(revision)) === undefined;
  const effective = effectiveRevision(options, revision, istioVersion);
  const problems = [
    versionProblem(options.version, istioVersion),
    ...strategyProblems(options.updateStrategy ?? {}),
    isRevisionBased(options) && hasValidName
      ? revisionProblem('the revision that Sail creates,', effective) : undefined,
    canary && isRevisionBased(options) ? 'canary creates a second control plane, and so does '
      + 'updateStrategy RevisionBased for each istioVersion; remove one of them' : undefined,
    isPluginEnabled(requirements) === false && values?.cni !== undefined
      ? 'values.cni has no effect while the CNI plugin is disabled; remove it, or enable the plugin' : undefined,
    ...componentProblems(components),
  ];
  return problems.filter(problem => problem !== undefined);
}

function strategyProblems(strategy: SailUpdateStrategy): Array<string | undefined> {
  const { type, inactiveRevisionDeletionGracePeriodSeconds: seconds } = strategy;
  const types = Object.values(SailUpdateStrategyType);
  const field = 'updateStrategy.inactiveRevisionDeletionGracePeriodSeconds';
  const isValid = seconds === undefined || (Number.isInteger(seconds) && seconds >= 0);
  return [
    type === undefined || types.includes(type) ? undefined
      : `updateStrategy.type '${type}' is not an update strategy of Sail; write one of ${types.join(', ')}`,
    isValid ? undefined : `${field} ${seconds} is not a whole number of at least 0`,
    seconds === undefined || !isValid || type === SailUpdateStrategyType.REVISION_BASED ? undefined
      : `${field} has no effect with the update strategy InPlace, which leaves no unused control plane; `
        + 'set updateStrategy.type to RevisionBased, or remove it',
  ];
}

/** Sail's version must be the one that the rules check. */
function versionProblem(version: string | undefined, istioVersion: string | undefined): string | undefined {
  if (istioVersion === undefined) {
    return 'istioVersion is missing, but Sail needs it; write it as x.y.z, e.g. 1.31.0';
  }
  if (version === undefined || !/^\d+\.\d+\.\d+$/.test(istioVersion)) {
    return undefined;
  }
  const [minor] = /^\d+\.\d+/.exec(istioVersion)!;
  const fix = `write 'v${istioVersion}' or 'v${minor}-latest'`;
  if (!/^v\d+\.\d+(\.\d+(-[a-z0-9.]+)?|-latest)$/.test(version)) {
    return `version '${version}' is not a version name of Sail; ${fix}`;
  }
  return version === `v${minor}-latest` || version === `v${istioVersion}` || version.startsWith(`v${istioVersion}-`)
    ? undefined : `version '${version}' does not match istioVersion '${istioVersion}'; ${fix}, or change istioVersion`;
}

/** Settings that Sail's API does not have, so that an API server would drop them. */
export function unknownSettings(requirements: ControlPlaneRequirements): Violation[] {
  const { revisionTags, ...values } = istioValues({ ...requirements, components: undefined }); // IM015 reports the tags
  const { cni } = requirements.values ?? {};
  const problems = [
    ...sailProblems('Istio', { version: '', namespace: '', values }),
    ...cni === undefined ? [] : sailProblems('IstioCNI', { version: '', namespace: '', values: { cni } }),
  ];
  return problems.map(({ path, message }) => {
    const setting = path[1] === 'meshConfig' ? path.slice(1) : path;
    const text = pathText(setting);
    return { path: setting, message: `${text} is not supported by Sail's API: ${FIXES[text] ?? message}` };
  });
}

/** Fixes for values that Sail does not have at all. */
const FIXES: { readonly [setting: string]: string } = {
  'values.gateways': 'it does not install gateways; '
    + 'set eastWestGateway for the east-west gateway, and add the objects of others to resources',
  'values.ztunnel': 'it is for ambient mode; remove it',
};
