import type { Cluster } from './lab/cluster';
import type { Row } from './scenario';
import type { Tree } from './tree';

export interface JudgeProps {
  /** An IstioOperator, of which istioctl makes Istio's CRDs. */
  readonly operator: string;
  /** The namespaces that objects are in. */
  readonly namespaces: Iterable<string>;
  /** A directory with more CRDs. @default Istio's alone */
  readonly crds?: string;
}

/** How much of a tree is accepted. */
export interface Verdict {
  readonly objects: number;
  readonly operators: number;
}

/** What is refused, and with which words: without controls, what is accepted says nothing. */
export interface Control {
  readonly what: string;
  readonly tree: Tree;
  readonly refusal: string;
}

const SEPARATOR = '\n---\n';
/** Flags with which an API server judges, and nothing changes. */
export const DRY_RUN = ['--server-side', '--dry-run=server', '--validate=strict', '-o', 'name'];

/** Judges trees by real programs, and installs nothing. */
export class Judge {
  /** Readies a cluster, so that an object is refused for what it is, and not for what is missing around it. */
  public static async start(cluster: Cluster, { operator, namespaces, crds }: JudgeProps): Promise<Judge> {
    const judge = new Judge(cluster);
    await cluster.apply((await judge.generate(operator)).filter(isCrd).join(SEPARATOR));
    if (crds) {
      await cluster.addKinds(crds);
    }
    await cluster.kubectl('wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s');
    const items = [...new Set(namespaces)].map(name => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
    await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    return judge;
  }

  /** What istioctl made and the API server accepted: most of it is alike everywhere, and is sent once. */
  private readonly accepted = new Set<string>();

  private constructor(private readonly cluster: Cluster) {}

  /**
   * Tells how much of a tree is accepted: by kubectl and an API server every object, by istioctl every IstioOperator,
   * and by the API server also
   * what istioctl makes of that, since istioctl itself looks at little.
   *
   * @throws when something is refused: with all of it
   */
  public async judge(tree: Tree): Promise<Verdict> {
    const refusals: string[] = [];
    const attempt = <T>(action: Promise<T>) => action.catch((error: Error) => void refusals.push(error.message));
    let [objects, operators] = [0, 0];
    for (const name of tree.clusters) {
      objects += await attempt(this.apply(tree.path('dist', name))) ?? 0;
      operators += await attempt(this.install(tree.operators(name))) ?? 0;
    }
    if (refusals.length === 0 && objects !== tree.manifests) {
      refusals.push(`${tree.mesh} has ${tree.manifests} manifests, of which its kustomizations apply ${objects}`);
    }
    if (refusals.length > 0) {
      throw new Error(refusals.join('\n'));
    }
    return { objects, operators };
  }

  /** Shows that a tree is refused. */
  public async refuse({ what, tree, refusal }: Control): Promise<Row> {
    const words = await this.judge(tree).then(() => 'everything is accepted', (error: Error) => error.message);
    if (!words.includes(refusal)) {
      throw new Error(`${what} should be refused with '${refusal}': ${words}`);
    }
    return { what: `control: ${what}`, answers: refusal };
  }

  /** How many objects a kustomization applies. */
  private async apply(kustomization: string): Promise<number> {
    const names = await this.cluster.kubectl('apply', ...DRY_RUN, '-k', kustomization);
    return names.trim().split('\n').length;
  }

  /** How many IstioOperators of a cluster would be installed. */
  private async install(operators: readonly string[]): Promise<number> {
    const made: string[] = [];
    for (const operator of operators) {
      made.push(...await this.generate(operator));
    }
    const objects = made.filter(object => !isCrd(object) && !this.accepted.has(object));
    if (objects.length > 0) {
      await this.cluster.apply(objects.join(SEPARATOR), ...DRY_RUN)
        .catch((error: Error) =>
          Promise.reject(new Error(`what istioctl makes of ${operators.join(' and ')} is refused: ${error.message}`)));
      objects.forEach(object => this.accepted.add(object));
    }
    return operators.length;
  }

  /** The objects that istioctl makes of an IstioOperator. */
  private async generate(operator: string): Promise<readonly string[]> {
    return (await this.cluster.istioctl('manifest', 'generate', '-f', operator)).split(SEPARATOR);
  }
}

function isCrd(object: string): boolean {
  return /^kind: CustomResourceDefinition$/m.test(object);
}

/** What was accepted of some trees, as a sentence. */
export function told(verdicts: readonly Verdict[]): string {
  const sum = (count: (verdict: Verdict) => number) => verdicts.reduce((before, verdict) => before + count(verdict), 0);
  return `${sum(({ objects }) => objects)} objects and ${sum(({ operators }) => operators)} IstioOperators accepted`;
}
