import { isAcknowledged, MESH_RULES } from './mesh/mesh-rules';
import type { Diagnostic } from '../core/diagnostic';
import { evaluateRules } from '../core/evaluate';
import { Severity } from '../core/rule';
import type { SchemaDiagnostic } from '../core/schema-diagnostics';
import type { Definition } from '../definition/definition';
import type { MeshModel } from '../definition/mesh-model';
import { resolveMesh } from '../definition/resolve-mesh';
import { type Path, pathText } from '../util/path';

/** A mesh definition with its model and everything that is wrong with it. */
export class EvaluatedMesh {
  readonly model: MeshModel;
  private readonly ofSchema: readonly SchemaDiagnostic[];
  private found?: readonly Diagnostic[];

  constructor(readonly definition: Definition) {
    const { model, diagnostics } = resolveMesh(definition);
    this.model = model;
    this.ofSchema = diagnostics;
  }

  /** What the schema and the rules find, each with its place in the definition, without acknowledged warnings. */
  get diagnostics(): readonly Diagnostic[] {
    this.found ??= this.evaluate();
    return this.found;
  }

  get errors(): readonly Diagnostic[] {
    return this.diagnostics.filter(({ severity }) => severity === Severity.ERROR);
  }

  get warnings(): readonly Diagnostic[] {
    return this.diagnostics.filter(({ severity }) => severity === Severity.WARNING);
  }

  private evaluate(): Diagnostic[] {
    const { model, definition, ofSchema } = this;
    const ofRules = evaluateRules(MESH_RULES, model).filter(({ rule }) => !isAcknowledged(rule, model.acknowledge));
    return [...ofSchema, ...withoutDerived(ofSchema, ofRules)]
      .map(diagnostic => ({ ...diagnostic, place: definition.place(diagnostic.place.path ?? []) }));
  }
}

/** What the rules find, without what only follows from a setting that violates the schema. */
function withoutDerived(ofSchema: readonly SchemaDiagnostic[], ofRules: readonly Diagnostic[]): Diagnostic[] {
  const reported = ofSchema.map(({ about }) => `${pathText(settingPath(about))}.`);
  const isDerived = (path: Path) => reported.some(setting =>
    setting.startsWith(`${pathText(settingPath(path))}.`) || setting.startsWith(`${pathText(path)}[`));
  return ofRules.filter(({ place: { path = [] } }) => !isDerived(path));
}

/** A path without the cluster that it may start with: what is wrong for all clusters is missing in each. */
function settingPath(path: Path): Path {
  return path[0] === 'clusters' && path.length > 2 ? path.slice(2) : path[0] === 'defaults' ? path.slice(1) : path;
}
