import { Family } from '../core/family';
import { environmentVariable } from '../util/host/environment';
import { errorCode, readRegularFile } from '../util/host/files';

/**
 * Where a secret is read from when the manifests are made; the definition holds the reference, never the secret.
 */
export abstract class SecretValue extends Family {
  /**
   * The value of an environment variable.
   *
   * @param name name of the variable; in a cluster setting `$(cluster)` stands for the cluster's name in upper case, with `_` for `-`
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
   * The secret itself, in plain text. UNSAFE: whoever reads the program or its repository has the secret.
   *
   * @param value the secret
   */
  static unsafePlainText(value: string): SecretValue {
    return new PlainTextSecret(value);
  }

  /**
   * Reads the secret.
   *
   * @throws when there is nothing to read, with a message that names the reference and never the secret
   * @internal
   */
  abstract _read(): string;

  /**
   * Path of the file that lies beside this secret under the given name.
   *
   * @internal
   */
  _beside(_fileName: string): string | undefined {
    return undefined;
  }
}

class EnvironmentSecret extends SecretValue {
  constructor(private readonly name: string) {
    super({ env: name });
  }

  _read(): string {
    const value = environmentVariable(this.name);
    if (!value) {
      throw new Error(`environment variable '${this.name}' is ${value === undefined ? 'not set' : 'empty'}; set it before synth`);
    }
    return value;
  }
}

class FileSecret extends SecretValue {
  constructor(private readonly path: string) {
    super({ file: path });
  }

  _read(): string {
    let value;
    try {
      value = readRegularFile(this.path).replace(/[\r\n]+$/, '');
    } catch (error) {
      throw new Error(`file '${this.path}' cannot be read (${errorCode(error)}); write the secret there before synth`);
    }
    if (value === '') {
      throw new Error(`file '${this.path}' is empty; write the secret there before synth`);
    }
    return value;
  }

  _beside(fileName: string): string {
    return this.path.replace(/[^/\\]*$/, fileName);
  }
}

class PlainTextSecret extends SecretValue {
  constructor(private readonly value: string) {
    super({ unsafePlainText: value });
  }

  _read(): string {
    if (!this.value) {
      throw new Error('unsafePlainText is empty; give the secret, or a reference to it');
    }
    return this.value;
  }
}
