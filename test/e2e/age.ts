import { writeFileSync } from 'fs';
import type { Lab } from './lab/lab';
import type { Tree } from './tree';

/** Makes a key of age, has SOPS encrypt links for it, and gives it. */
export async function ageKey(lab: Lab, tree: Tree): Promise<string> {
  const key = await lab.tool('age-keygen', []);
  const recipient = /^# public key: (.*)$/m.exec(key)![1];
  writeFileSync(tree.path('.sops.yaml'), `creation_rules:\n- path_regex: ^links/\n  age: ${recipient}\n`);
  return key;
}
