import type { TreeDelivery } from './credential-delivery';
import { CredentialsProvider } from './credentials-provider';
import { pathProblem } from './external-credentials';
import { type MaybeProblem, problem } from '../../core/rule';
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
   * Its arguments. They are written into the output directory in plain text. Kubeconfig field:
   * `users[].user.exec.args`.
   *
   * @default - none
   */
  readonly args?: string[];

  /**
   * Its environment variables, in addition to those of istiod. Kubeconfig field: `users[].user.exec.env`.
   *
   * They are written into the output directory in plain text.
   *
   * @default - none
   */
  readonly env?: { readonly [name: string]: string };

  /**
   * API version of the exec protocol that it supports. Kubeconfig field: `users[].user.exec.apiVersion`.
   *
   * @default 'client.authentication.k8s.io/v1'
   */
  readonly apiVersion?: string;

  /**
   * Whether it gets the address and the CA of the cluster. Kubeconfig field: `users[].user.exec.provideClusterInfo`.
   *
   * @default false
   */
  readonly provideClusterInfo?: boolean;
}

const V1 = 'client.authentication.k8s.io/v1';
const API_VERSIONS = [V1, 'client.authentication.k8s.io/v1beta1'];

/** A program that gives a token. */
export class ExecCredentials extends CredentialsProvider {
  constructor(private readonly options: UnsafeExecOptions) {
    super('unsafeExec', options);
  }

  get _delivery(): TreeDelivery {
    const risk = `unsafeExec makes the istiods of the peers run '${this.options.command}', `
      + 'which must be in their image, and anyone who can write a Secret in their namespace '
      + 'can make them run arbitrary programs';
    return { kind: 'tree', optIn: { setting: 'exec', risk }, readUser: () => this.user() };
  }

  get _problems(): readonly MaybeProblem[] {
    const { command, apiVersion = V1, env = {} } = this.options;
    return [
      command.trim() === ''
        && problem('unsafeExec.command is empty, and istiod rejects the kubeconfig', 'write the name of the program'),
      !API_VERSIONS.includes(apiVersion) && problem(`unsafeExec.apiVersion '${apiVersion}' is not supported by istiod`,
        `write one of ${API_VERSIONS.join(', ')}`),
      Object.hasOwn(env, '')
        && problem('unsafeExec.env has a variable without a name, and istiod rejects the kubeconfig', 'name it'),
    ];
  }

  private user(): KubeconfigUser {
    const { apiVersion = V1, args = [], command, env = {}, provideClusterInfo } = this.options;
    return {
      exec: {
        apiVersion,
        ...args.length > 0 && { args },
        command,
        ...Object.keys(env).length > 0 && { env: Object.entries(env).map(([name, value]) => ({ name, value })) },
        interactiveMode: 'Never', // istiod has no terminal, and client-go requires the field in version v1
        ...provideClusterInfo && { provideClusterInfo },
      },
    };
  }
}

/** A file in the container of istiod that holds a token. */
export class TokenFileCredentials extends CredentialsProvider {
  constructor(private readonly path: string) {
    super('unsafeTokenFile', path);
  }

  get _delivery(): TreeDelivery {
    const risk = `unsafeTokenFile makes the istiods of the peers read '${this.path}', which must be mounted there, `
      + 'and anyone who can write a Secret in their namespace can make them send any of their files to any server';
    return { kind: 'tree', optIn: { setting: 'tokenFile', risk }, readUser: () => ({ tokenFile: this.path }) };
  }

  get _problems(): readonly MaybeProblem[] {
    return [pathProblem('unsafeTokenFile', this.path, 'file')];
  }
}
