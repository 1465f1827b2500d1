import { App } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { meshAppMark, meshMark } from '../../core/brand';

/**
 * The app of a construct, if it is a stock one, which writes every chart into files of Kubernetes objects; a Mesh refuses such an app for
 * itself.
 */
export function stockAppOf(construct: IConstruct): App | undefined {
  const app = construct.node.root;
  const isOther = construct.node.scopes.some(meshMark.isOn) || meshAppMark.isOn(app) || !(app instanceof App) || isTestingApp(app);
  return isOther ? undefined : app as App;
}

/** The app that `Testing.app()` makes, whose files nobody reads: `Testing.synth` gives all objects of a chart. */
function isTestingApp(app: App): boolean {
  return /(^|[/\\])cdk8s\.outdir\.[^/\\]*$/.test(app.outdir);
}
