/** Makes docs/reference/rules.md from the tables of rules, so that neither can be without the other. */
import { writeFileSync } from 'fs';
import { CONSTRAINTS } from './constraints';
import type { RuleText } from '../src/core/rule';
import { SCHEMA_RULE } from '../src/core/schema-diagnostics';
import { ALL_RULES } from '../src/rules/all-rules';
import { APP_RULES } from '../src/rules/app-rules';
import { MANIFEST_RULES } from '../src/rules/manifest/manifest-rules';
import { MESH_RULES } from '../src/rules/mesh/mesh-rules';
import { TREE_RULE } from '../src/rules/tree-rule';

function table(rules: readonly RuleText[]): string {
  const sorted = [...rules].sort((one, other) => one.code < other.code ? -1 : 1);
  return [
    '| code | | rule | where it is broken | fix |',
    '| --- | --- | --- | --- | --- |',
    ...sorted.map(({ code, severity, title, symptom, fix, see }) => `| <a id="${code}"></a>[${code}](${see}) | ${severity} | ${[title, symptom, fix].map(cell).join(' | ')} |`),
  ].join('\n');
}

function cell(text: string): string {
  return text.replace(/\|/g, '\\|').replace(/([*<])/g, '\\$1');
}

/** A constraint's place: links for codes, words as they are. */
function place(text: string): string {
  return text.replace(/IM\d{3}/g, code => {
    if (!ALL_RULES.some(rule => rule.code === code)) {
      throw new Error(`there is no rule ${code}`);
    }
    return `[${code}](#${code})`;
  });
}

writeFileSync('docs/reference/rules.md', `# The rules

<!-- Made by projenrc/rules-page.ts from the tables in src/rules. Do not edit. -->

Every message ends with the code of its rule. An error is refused: nothing is written. A warning is told at each synth and check; it is silenced
by its code and a reason, \`acknowledge: {IM049: a firewall stands before it}\` in the mesh. The code leads to Istio's page or issue.

## Of a mesh

Judged at synth and by \`istio-mesh check mesh.yaml\`, over all clusters at once. What one construct can know, it refuses alone, too.

${table([SCHEMA_RULE, ...MESH_RULES])}

## Of an app

Judged at synth, over the charts of a \`MeshApp\` and what stands below them.

${table(Object.values(APP_RULES))}

## Of the manifests of a cluster

Judged by \`istio-mesh check\`, over what was synthesized, edited since, or made by another tool, and by \`ManifestValidation\` at \`cdk8s synth\`.

${table([TREE_RULE, ...MANIFEST_RULES])}

## Where the constraints of multi-primary Istio are kept

| | constraint | kept by |
| ---: | --- | --- |
${CONSTRAINTS.map(([constraint, keeper], i) => `| ${i + 1} | ${cell(constraint)} | ${place(keeper)} |`).join('\n')}
`);
