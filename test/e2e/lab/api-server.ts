import { request } from 'https';

/** What is known of every object of Kubernetes. */
export interface KubernetesObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly labels?: { readonly [key: string]: string };
    readonly annotations?: { readonly [key: string]: string };
    readonly deletionTimestamp?: string;
  };
}

/** Somebody's way to a kube-apiserver; kubectl for every step of a kubelet would take longer than the step. */
export class ApiServer {
  public constructor(
    private readonly address: string, private readonly authority: string, private readonly token: string,
  ) {}

  /** Whether everything in it has started. */
  public async ready(): Promise<boolean> {
    return await this.send('GET', '/readyz') === 'ok';
  }

  public async get<T>(path: string): Promise<T> {
    return JSON.parse(await this.send('GET', path));
  }

  public async list<T>(path: string): Promise<readonly T[]> {
    return (await this.get<{ items: T[] }>(`${path}?resourceVersion=0`)).items; // 0: out of its memory
  }

  public async post<T>(path: string, body: object): Promise<T> {
    return JSON.parse(await this.send('POST', path, body));
  }

  public async delete(path: string, body: object): Promise<void> {
    await this.send('DELETE', path, body);
  }

  /** Changes the status of an object by a merge patch. */
  public async patchStatus(path: string, status: object): Promise<void> {
    await this.send('PATCH', `${path}/status`, { status });
  }

  private send(method: string, path: string, body?: object): Promise<string> {
    const text = body ? JSON.stringify(body) : '';
    return new Promise((resolve, reject) => {
      const sent = request({
        host: this.address,
        port: 6443,
        ca: this.authority,
        method,
        path,
        headers: {
          'Authorization': `Bearer ${this.token}`,
          'Content-Length': Buffer.byteLength(text), // which Node leaves out of a DELETE
          'Content-Type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
        },
        timeout: 10_000,
      }, response => {
        const chunks: Buffer[] = [];
        response.on('data', chunk => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const answer = Buffer.concat(chunks).toString();
          if (response.statusCode! < 300) {
            resolve(answer);
          } else {
            reject(new Error(`${method} ${path}: ${response.statusCode} ${answer}`));
          }
        });
      });
      sent.on('timeout', () => sent.destroy(new Error(`${method} ${path}: no answer`)));
      sent.on('error', reject);
      sent.end(text);
    });
  }
}
