import type { Allowance } from './credentials-provider';
import { pathProblems } from './external-credentials';
import { TreeCredentials } from './tree-credentials';
import type { KubeconfigUser } from '../../istio/kubeconfig';

/**
 * A program that gives istiod a token for an API server.
 */
export interface UnsafeExecOptions {
  /**
   * Name or path of the program, in the image of istiod. Kubeconfig field: `users[].user.exec.command`.
   */
  readonly command: string;

  /**
   * Its arguments. They are written into the tree in plain text. Kubeconfig field: `users[].user.exec.args`.
   *
   * @default - none
   */
  readonly args?: string[];

  /**
   * Its environment variables, beside those of istiod. They are written into the tree in plain text. Kubeconfig field: `users[].user.exec.env`.
   *
   * @default - none
   */
  readonly env?: { readonly [name: string]: string };

  /**
   * Version of the protocol that it speaks. Kubeconfig field: `users[].user.exec.apiVersion`.
   *
   * @default 'client.authentication.k8s.io/v1'
   */
  readonly apiVersion?: string;

  /**
   * Whether it is told of the cluster that the token is for. Kubeconfig field: `users[].user.exec.provideClusterInfo`.
   *
   * @default false
   */
  readonly provideClusterInfo?: boolean;
}

const V1 = 'client.authentication.k8s.io/v1';
const API_VERSIONS = [V1, 'client.authentication.k8s.io/v1beta1'];

/** A program that gives a token. */
export class ExecCredentials extends TreeCredentials {
  constructor(private readonly options: UnsafeExecOptions) {
    super('unsafeExec', options);
  }

  get _allowance(): Allowance {
    return {
      word: 'exec',
      cost: `unsafeExec has the istiods of the peers run '${this.options.command}', which must be in their image, and from then on whoever may write a Secret in their namespace can have them run any program`,
    };
  }

  get _problems(): string[] {
    const { command, apiVersion = V1 } = this.options;
    return [
      ...command.trim() === '' ? ['unsafeExec.command is empty, and istiod refuses the kubeconfig; name the program'] : [],
      ...API_VERSIONS.includes(apiVersion) ? [] : [`unsafeExec.apiVersion '${apiVersion}' is none that istiod speaks; use one of ${API_VERSIONS.join(', ')}`],
      ...Object.hasOwn(this.options.env ?? {}, '') ? ['unsafeExec.env has a variable without a name, and istiod refuses the kubeconfig; name it'] : [],
    ];
  }

  _user(): KubeconfigUser {
    const { apiVersion = V1, args = [], command, env = {}, provideClusterInfo } = this.options;
    return {
      exec: {
        apiVersion,
        ...args.length > 0 && { args },
        command,
        ...Object.keys(env).length > 0 && { env: Object.entries(env).map(([name, value]) => ({ name, value })) },
        interactiveMode: 'Never', // nobody sits before istiod, and without the field it refuses version v1
        ...provideClusterInfo && { provideClusterInfo },
      },
    };
  }
}

/** A file in the container of istiod that holds a token. */
export class TokenFileCredentials extends TreeCredentials {
  constructor(private readonly path: string) {
    super('unsafeTokenFile', path);
  }

  get _allowance(): Allowance {
    return {
      word: 'tokenFile',
      cost: `unsafeTokenFile has the istiods of the peers read '${this.path}', which must be mounted there, and from then on whoever may write a Secret in their namespace can have them send any of their files to any server`,
    };
  }

  get _problems(): string[] {
    return pathProblems('unsafeTokenFile', this.path, 'file');
  }

  _user(): KubeconfigUser {
    return { tokenFile: this.path };
  }
}
