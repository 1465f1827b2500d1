import { ScalarTag, stringify } from 'yaml';

/**
 * One YAML document that readers of YAML 1.1 and 1.2 understand alike: a string that either would take for something else is quoted.
 */
export function toYaml(value: unknown): string {
  return stringify(value, {
    version: '1.1', // readers of Kubernetes manifests: no, on, 0777 and 1:30 are not strings to them
    customTags: tags => [...tags, GO_NUMBER],
    compat: 'core', // readers of YAML 1.2: 0o17 is not a string to them
    lineWidth: 0,
    indentSeq: false, // as istioctl and kubectl write lists
    aliasDuplicateObjects: false,
  });
}

/** kubectl, istioctl and Helm, written in Go, take prefixes of either case and `_` anywhere in a number. */
const GO_NUMBER: ScalarTag = {
  tag: '!go-number',
  default: true,
  test: /^[-+]?(0[xX][\da-fA-F_]+|0[oO]?[0-7_]+|0[bB][01_]+|[\d_]+(\.[\d_]*)?([eE][-+]?[\d_]+)?|\.[\d_]+([eE][-+]?[\d_]+)?)$/,
  resolve: text => text,
};
