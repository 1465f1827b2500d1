/**
 * How to connect to an API server, in addition to its URL.
 */
export interface ApiServerProps {
  /**
   * CA of the API server, as PEM text or base64 of it. Kubeconfig field:
   * `clusters[].cluster.certificate-authority-data`.
   *
   * @default - the `ca.crt` of the token's Secret, or the file `ca.crt` next to a token file; otherwise, the public CAs
   * that istiod trusts
   */
  readonly caData?: string;

  /**
   * Server name in the certificate of the API server. Kubeconfig field: `clusters[].cluster.tls-server-name`.
   *
   * @default - the host of the URL
   */
  readonly tlsServerName?: string;

  /**
   * Proxy for connections to the API server. Kubeconfig field: `clusters[].cluster.proxy-url`.
   *
   * @default - no proxy
   */
  readonly proxyUrl?: string;
}
