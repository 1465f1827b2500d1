import { ScalarTag, stringify } from 'yaml';
import { GO_NUMBER } from './words';

/**
 * One YAML document that readers of YAML 1.1 and 1.2 understand alike: a string that either would take for something else is quoted.
 */
export function toYaml(value: unknown): string {
  return stringify(value, {
    version: '1.1', // readers of Kubernetes manifests: no, on, 0777 and 1:30 are not strings to them
    customTags: tags => [...tags, GO_NUMBER_TAG],
    compat: 'core', // readers of YAML 1.2: 0o17 is not a string to them
    lineWidth: 0,
    indentSeq: false, // as istioctl and kubectl write lists
    aliasDuplicateObjects: false,
  });
}

const GO_NUMBER_TAG: ScalarTag = {
  tag: '!go-number',
  default: true,
  test: GO_NUMBER,
  resolve: text => text,
};
