import { App } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { meshAppMark, meshMark } from '../../core/brand';

/**
 * The app of a construct, if it is a stock one, which writes each chart to a file of Kubernetes objects. A Mesh itself
 * rejects a stock app.
 */
export function stockAppOf(construct: IConstruct): App | undefined {
  const app = construct.node.root;
  const isStock = app instanceof App && !meshAppMark.isOn(app) && !isTestingApp(app);
  return isStock && !construct.node.scopes.some(meshMark.isOn) ? app : undefined;
}

/**
 * Whether the app is from `Testing.app()`: tests read the objects of a chart with `Testing.synth`, and not its files.
 */
function isTestingApp(app: App): boolean {
  return /(^|[/\\])cdk8s\.outdir\.[^/\\]*$/.test(app.outdir);
}
