import { Provider } from '../core/provider';
import { ProblemError } from '../core/rule';
import { environmentVariable } from '../util/host/environment';
import { errorCode, readRegularFile } from '../util/host/files';

/** Where a secret is read from. */
export type SecretSource =
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'plainText' };

/**
 * A reference to a secret, which is read at synth. The definition contains only the reference.
 */
export abstract class SecretValue extends Provider {
  /**
   * The value of an environment variable.
   *
   * @param name name of the variable; in a cluster setting, `$(cluster)` is the cluster's name in upper case, with `_`
   * for `-`
   */
  static env(name: string): SecretValue {
    return new EnvironmentSecret(name);
  }

  /**
   * The content of a file, without the line breaks at its end.
   *
   * @param path path of the file, from the working directory
   */
  static file(path: string): SecretValue {
    return new FileSecret(path);
  }

  /**
   * The secret itself, in plain text. UNSAFE: anyone who can read the program or its repository has the secret.
   *
   * @param value the secret
   */
  static unsafePlainText(value: string): SecretValue {
    return new PlainTextSecret(value);
  }

  /** @internal */
  abstract get _source(): SecretSource;

  /**
   * Reads the secret.
   *
   * @throws when it cannot be read or is empty, with a message that contains the reference and not the secret
   * @internal
   */
  abstract _read(): string;
}

class EnvironmentSecret extends SecretValue {
  constructor(private readonly name: string) {
    super('env', name);
  }

  get _source(): SecretSource {
    return { kind: 'env', name: this.name };
  }

  _read(): string {
    const value = environmentVariable(this.name);
    if (!value) {
      const problem = value === undefined ? 'not set' : 'empty';
      throw new ProblemError(`environment variable '${this.name}' is ${problem}`, 'set it before synth');
    }
    return value;
  }
}

class FileSecret extends SecretValue {
  constructor(private readonly path: string) {
    super('file', path);
  }

  get _source(): SecretSource {
    return { kind: 'file', path: this.path };
  }

  _read(): string {
    let value;
    try {
      value = readRegularFile(this.path).replace(/[\r\n]+$/, '');
    } catch (error) {
      throw new ProblemError(`file '${this.path}' cannot be read (${errorCode(error)})`,
        'write the secret there before synth');
    }
    if (value === '') {
      throw new ProblemError(`file '${this.path}' is empty`, 'write the secret there before synth');
    }
    return value;
  }
}

class PlainTextSecret extends SecretValue {
  constructor(private readonly value: string) {
    super('unsafePlainText', value);
  }

  get _source(): SecretSource {
    return { kind: 'plainText' };
  }

  _read(): string {
    if (!this.value) {
      throw new ProblemError('unsafePlainText is empty', 'write the secret, or a reference to it');
    }
    return this.value;
  }
}
