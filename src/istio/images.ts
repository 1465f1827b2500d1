import { isTextToIstioctl } from '../util/words';

/**
 * Syntax of the names of images, where istioctl and the kubelet both take them.
 *
 * Each function gives what is wrong with a value, and undefined when nothing is.
 */

const HOST = /^([A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?(\.[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?)*|\[[\da-fA-F:]+\])(:\d+)?$/;
const COMPONENT = /^[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;

/** What stands before the names of Istio's images. */
export function hubProblem(field: string, value: string): string | undefined {
  if (!isTextToIstioctl(value)) {
    return `${field} '${value}' is no text to istioctl, even in quotes; write its host too, e.g. 'docker.io/${value}'`;
  }
  const [first, ...others] = `${value}/pilot`.split('/');
  const hasHost = /[.:]/.test(first);
  const isRepository = hasHost ? HOST.test(first) : COMPONENT.test(first);
  return isRepository && others.every(part => COMPONENT.test(part)) ? undefined
    : `${field} '${value}' is no repository of images: lower-case letters, digits, '.', '_' and '-' with '/' between them, and a host before them; write e.g. 'registry.istio.io/release'`;
}

/** The tag of an image. */
export function tagProblem(field: string, value: string): string | undefined {
  return TAG.test(value) ? undefined
    : `${field} '${value}' is no tag of an image: 1 to 128 letters, digits, '_', '.' and '-', the last two not first; write e.g. '1.31.0'`;
}
