import type { SecretFormat } from './secret-format';
import { output } from '../../util/host/child-process';
import { toYaml } from '../../util/yaml-text';

/** A Secret whose values the user's own sops encrypts; `.sops.yaml` selects the keys. */
export class SopsFormat implements SecretFormat {
  readonly kind = 'Secret';
  readonly annotations = {}; // sops records the keys in the file

  async encrypt(secret: object, path: string): Promise<string> {
    const options = [
      '--filename-override', path,
      '--input-type', 'yaml',
      '--output-type', 'yaml',
      '--encrypted-regex', '^(data|stringData)$',
    ];
    return output('sops', ['encrypt', ...options], toYaml(secret));
  }
}
