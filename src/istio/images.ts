import { type MaybeProblem, problem } from '../core/rule';
import { isTextToIstioctl } from '../util/words';

/**
 * Syntax of image names that both istioctl and the kubelet accept.
 *
 * Each function returns a message about an invalid value, and undefined for a valid one.
 */

const HOST_LABEL = '[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?';
const HOST = new RegExp(`^(${HOST_LABEL}(\\.${HOST_LABEL})*|\\[[\\da-fA-F:]+\\])(:\\d+)?$`);
const COMPONENT = /^[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;

/** The repository of Istio's images, e.g. `registry.istio.io/release`. */
export function hubProblem(field: string, value: string): MaybeProblem {
  if (!isTextToIstioctl(value)) {
    return problem(`${field} '${value}' is not read as a string by istioctl, even in quotes`,
      `include the registry host, e.g. 'docker.io/${value}'`);
  }
  const [first, ...others] = `${value}/pilot`.split('/');
  const hasHost = /[.:]/.test(first);
  const isRepository = hasHost ? HOST.test(first) : COMPONENT.test(first);
  return isRepository && others.every(part => COMPONENT.test(part)) ? undefined
    : problem(`${field} '${value}' is not a valid image repository (lower-case letters, digits, '.', '_' and '-', `
      + 'separated by \'/\', after an optional host)', 'write e.g. \'registry.istio.io/release\'');
}

/** The tag of an image. */
export function tagProblem(field: string, value: string): MaybeProblem {
  return TAG.test(value) ? undefined
    : problem(`${field} '${value}' is not a valid image tag (1 to 128 letters, digits, '_', '.' and '-', not starting `
      + 'with \'.\' or \'-\')', 'write e.g. \'1.31.0\'');
}
