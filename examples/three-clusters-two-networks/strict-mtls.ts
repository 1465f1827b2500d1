import { ApiObject, Chart } from 'cdk8s';
import { Construct } from 'constructs';

/** Workloads take mutual TLS alone: an ordinary cdk8s chart, which knows nothing of meshes. */
export class StrictMtls extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new ApiObject(this, 'PeerAuthentication', {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'default', namespace: 'istio-system' }, // in Istio's own namespace it holds for all of them
      spec: { mtls: { mode: 'STRICT' } },
    });
  }
}
