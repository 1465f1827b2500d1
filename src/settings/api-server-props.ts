/**
 * How to reach an API server, beside its URL.
 */
export interface ApiServerProps {
  /**
   * Certificate authority of the API server, as PEM text or its base64. Kubeconfig field:
   * `clusters[].cluster.certificate-authority-data`.
   *
   * @default - the `ca.crt` of the token's Secret, or the file of that name beside a token in a file; else the public
   * authorities that istiod trusts
   */
  readonly caData?: string;

  /**
   * Name to expect in the API server's certificate. Kubeconfig field: `clusters[].cluster.tls-server-name`.
   *
   * @default - the host of the URL
   */
  readonly tlsServerName?: string;

  /**
   * Proxy on the way to the API server. Kubeconfig field: `clusters[].cluster.proxy-url`.
   *
   * @default - no proxy
   */
  readonly proxyUrl?: string;
}
