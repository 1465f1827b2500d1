import { APP_RULES } from './app-rules';
import { MANIFEST_RULES } from './manifest/manifest-rules';
import { MESH_RULES } from './mesh/mesh-rules';
import { TREE_RULE } from './tree-rule';
import type { RuleText } from '../core/rule';
import { SCHEMA_RULE } from '../core/schema-diagnostics';

const UNSORTED: readonly RuleText[] = [
  SCHEMA_RULE, ...MESH_RULES, ...Object.values(APP_RULES), TREE_RULE, ...MANIFEST_RULES,
];

/** Every rule whose code can appear in a message, sorted by code. */
export const ALL_RULES: readonly RuleText[] = [...UNSORTED].sort((one, other) => one.code < other.code ? -1 : 1);
