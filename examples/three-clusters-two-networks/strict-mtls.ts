import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';

/** Requires mutual TLS for all workloads. This is an ordinary cdk8s chart, independent of the mesh library. */
export class StrictMtls extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new ApiObject(this, 'PeerAuthentication', {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'default', namespace: 'istio-system' }, // here it applies to all namespaces
      spec: { mtls: { mode: 'STRICT' } },
    });
  }
}
