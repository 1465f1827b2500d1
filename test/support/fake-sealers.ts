import { createHash } from 'crypto';
import { parse, stringify } from 'yaml';

/** What programs of a user are given, and what they print. */
type Program = (args: readonly string[], input: string) => string;

/**
 * A kubeseal and a sops without cryptography: what they encrypt can be read again here, and not by a search for what
 * was encrypted.
 *
 * A test file says `jest.mock('../../src/util/host/child-process', () =>
 * jest.requireActual('./fake-sealers').programs())`.
 */
export class FakeSealers {
  /** Certificates by the context of a controller, or by the URL that gives them. */
  public readonly certificates = new Map<string, string>();
  /** What a program says instead of doing its work. */
  public readonly refusals = new Map<string, string>();
  /** What a program prints instead of what it should. */
  public readonly mistakes = new Map<string, Program>();
  private readonly told: string[] = [];

  public constructor() {
    current = this;
  }

  /** What the programs were asked since the last time. */
  public calls(): string[] {
    return this.told.splice(0);
  }

  public run(program: string, args: readonly string[], input: string): string {
    this.told.push([program, ...args].join(' '));
    if (this.refusals.has(program)) {
      throw new Error(`${program}: ${this.refusals.get(program)}`);
    }
    const valueOf = (name: string) => args.find(arg => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
    if (args.includes('--fetch-cert')) {
      return this.certificates.get(valueOf('cert') ?? valueOf('context')!)!;
    }
    return this.mistakes.get(program)?.(args, input) ?? (program === 'sops' ? sops(args, input) : kubeseal(input));
  }
}

let current: FakeSealers;

/** The module `program`, with clusters and sealers of the tests' own. */
export function programs(): object {
  const others = jest.requireActual('./fake-clusters').programs();
  const output = async (program: string, args: readonly string[], input = '') =>
    ['kubeseal', 'sops'].includes(program) ? current.run(program, args, input) : others.output(program, args, input);
  return { ...others, output };
}

function kubeseal(input: string): string {
  const { metadata, data } = JSON.parse(input);
  return JSON.stringify({
    kind: 'SealedSecret',
    apiVersion: 'bitnami.com/v1alpha1',
    metadata: { name: metadata.name, namespace: metadata.namespace, creationTimestamp: null },
    spec: { template: { metadata: { ...metadata, creationTimestamp: null } }, encryptedData: encrypted(data) },
  });
}

/** Like the real one it puts a new date into every file, and keeps what the expression does not name. */
function sops(args: readonly string[], input: string): string {
  const isEncrypted = new RegExp(args[args.indexOf('--encrypted-regex') + 1]);
  const fields = Object.entries<any>(parse(input))
    .map(([key, value]) => [key, isEncrypted.test(key) ? encrypted(value) : value]);
  return stringify({
    ...Object.fromEntries(fields), sops: { mac: createHash('sha256').update(input + Math.random()).digest('hex') },
  });
}

function encrypted(values: { readonly [key: string]: string }): object {
  return Object.fromEntries(Object.entries(values).map(([key, text]) => [key, `ENC[${reversed(text)}]`]));
}

/** What a Secret holds that one of the two has encrypted. */
export function decrypted(text: string): string {
  return Buffer.from(reversed(/^ENC\[(.*)\]$/s.exec(text)![1]), 'base64').toString();
}

function reversed(text: string): string {
  return [...text].reverse().join('');
}
