import type { SecretFormat } from './secret-format';
import { output } from '../../util/host/child-process';
import { toYaml } from '../../util/yaml-text';

/** A Secret whose values the user's own sops encrypts; `.sops.yaml` selects the keys. */
export const SOPS_FORMAT: SecretFormat = {
  kind: 'Secret',
  annotations: {}, // sops records the keys in the file
  encrypt: (secret, path) => output('sops', [
    'encrypt',
    '--filename-override', path,
    '--input-type', 'yaml',
    '--output-type', 'yaml',
    '--encrypted-regex', '^(data|stringData)$',
  ], toYaml(secret)),
};
