/**
 * Marks that identify constructs across copies of this package, for which `instanceof` does not work.
 */
const MESH = Symbol.for('cdk8s-istio-mesh.Mesh');
const MESH_APP = Symbol.for('cdk8s-istio-mesh.MeshApp');

function mark(symbol: symbol): { set(object: object): void; isOn(x: unknown): boolean } {
  return {
    set: object => Object.defineProperty(object, symbol, { value: true }),
    isOn: x => typeof x === 'object' && x !== null && symbol in x,
  };
}

/** Mark of a provider. */
export const providerMark = mark(Symbol.for('cdk8s-istio-mesh.Provider'));

/** Mark of a Mesh. */
export const meshMark = mark(MESH);

/** Mark of a MeshApp. */
export const meshAppMark = mark(MESH_APP);

/** Mark of a release of Helm. */
export const helmReleaseMark = mark(Symbol.for('cdk8s-istio-mesh.HelmRelease'));

/** Mark of a chart that rejects, at synth, an IstioOperator in a file with other objects. */
export const operatorChartMark = mark(Symbol.for('cdk8s-istio-mesh.OperatorChart'));

/** Mark of the chart of GitOps objects. */
export const gitOpsChartMark = mark(Symbol.for('cdk8s-istio-mesh.GitOpsChart'));
