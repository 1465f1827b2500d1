import type { LinkForm } from './link-form';
import { output } from '../../util/host/child-process';
import { toYaml } from '../../util/yaml-text';

/** A Secret whose values are encrypted, made by the user's own sops, whose .sops.yaml says for whom. */
export class SopsForm implements LinkForm {
  readonly kind = 'Secret';
  readonly annotations = {}; // whom it is encrypted for sops itself tells in the file, and changes there

  async encrypt(secret: object, path: string): Promise<string> {
    const options = ['--filename-override', path, '--input-type', 'yaml', '--output-type', 'yaml', '--encrypted-regex', '^(data|stringData)$'];
    return output('sops', ['encrypt', ...options], toYaml(secret));
  }
}
