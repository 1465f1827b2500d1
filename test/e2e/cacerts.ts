import { type Certificate, certificate } from './lab/certificates';

/** The Secret `cacerts` of a cluster: an authority of its own below a root, as "before you begin" asks. */
export async function cacerts(cluster: string, namespace: string, root: Certificate, expired = false): Promise<object> {
  const own = await certificate({ commonName: `authority of ${cluster}`, issuer: root, expired });
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'cacerts', namespace },
    stringData: {
      'ca-cert.pem': own.certificate,
      'ca-key.pem': own.key,
      'root-cert.pem': root.certificate,
      'cert-chain.pem': own.certificate + root.certificate,
    },
  };
}
