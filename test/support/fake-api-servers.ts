import type { Probe, ProbeResult } from '../../src/cli/verify/api-server-probe';

/**
 * API servers that accept every token, unless a test sets another response.
 *
 * A test file mocks the module with
 * `jest.mock('../../src/cli/verify/api-server-probe', () => jest.requireActual('./fake-api-servers').probes())`.
 */
export class FakeApiServers {
  private readonly responses = new Map<string, Partial<Probe>>();

  public constructor() {
    current = this;
  }

  /** Sets the response to a token. */
  public respond(token: string, result: `${ProbeResult}`, detail?: string): void {
    this.responses.set(token, { result: result as ProbeResult, ...detail !== undefined && { detail } });
  }

  public probe(kubeconfig: string): Probe {
    const [server, token] = [/server: (\S+)/, /token: (\S+)/].map(pattern => pattern.exec(kubeconfig)![1]);
    return { result: 'answers' as ProbeResult, server, token, detail: 'status 200', ...this.responses.get(token) };
  }
}

let current: FakeApiServers;

/** The module `api-server-probe`, with the fake API servers of the test. */
export function probes(): object {
  const actual = jest.requireActual('../../src/cli/verify/api-server-probe');
  return { ...actual, probe: async (kubeconfig: string) => current.probe(kubeconfig) };
}
