import { type ViolationCases, IN_KUBECONFIG, LINK, replaced } from '../../../support/manifest-edits';

export const VIOLATIONS: ViolationCases = [
  ['IM136', 'a context that does not exist', replaced(LINK, 'current-context: cluster2', 'current-context: cluster1'), [
    `IM136 ${IN_KUBECONFIG}: current-context 'cluster1' is not in contexts, and istiod rejects the kubeconfig; did you `
      + "mean 'cluster2'?",
  ]],
  ['IM136', 'a user that does not exist', replaced(LINK, 'user: cluster2', 'user: admin'), [
    `IM136 ${IN_KUBECONFIG}: contexts[0].context.user 'admin' is not in users, and istiod rejects the kubeconfig; use `
      + 'one of cluster2',
  ]],
  ['IM136', 'an empty kubeconfig', files => files[LINK] = files[LINK].replace(/cluster2: \|[^]*/, 'cluster2: ""\n'), [
    `IM136 ${IN_KUBECONFIG}: the kubeconfig is empty, and istiod rejects it; create the Secret with istioctl `
      + 'create-remote-secret',
  ]],
  ['IM137', 'a loopback address',
    replaced(LINK, 'server: https://cluster2.example.com:6443', 'server: https://127.0.0.1:6443'), [
      `IM137 ${IN_KUBECONFIG}: clusters[0].cluster.server 'https://127.0.0.1:6443' is a loopback address, `
        + 'which the other clusters cannot reach; write the https URL at which the other clusters reach it, '
        + 'e.g. https://10.0.0.1:6443',
    ]],
  ['IM137', 'a proxy that istiod cannot use',
    replaced(LINK, 'server: https:', 'proxy-url: ftp://proxy.example.com\n        server: https:'), [
      `IM137 ${IN_KUBECONFIG}: clusters[0].cluster.proxy-url 'ftp://proxy.example.com' is not a valid http, `
        + 'https or socks5 URL; write e.g. http://10.0.0.1:3128',
    ]],
  ['IM138', 'a CA that kubectl did not print',
    files => files[LINK] = files[LINK].replace(/(certificate-authority-data:) .*/, '$1 DATA+OMITTED'), [
      `IM138 ${IN_KUBECONFIG}: clusters[0].cluster.certificate-authority-data is not a base64-encoded certificate, and `
        + "istiod rejects the kubeconfig; set it to the base64 of the PEM text of the API server's CA certificate",
    ]],
  ['IM139', 'a kubeconfig without a CA',
    files => files[LINK] = files[LINK].replace(/ +certificate-authority-data: .*\n/, ''), [
      `IM139 ${IN_KUBECONFIG}: clusters[0].cluster has no certificate-authority-data, so istiod trusts this API server `
        + 'only if a public CA signed its certificate; add its CA certificate',
    ]],
  ['IM140', 'the proxy of Rancher',
    replaced(LINK, 'https://cluster2.example.com:6443', 'https://rancher.example.com/k8s/clusters/c-1'), [
      `IM140 ${IN_KUBECONFIG}: clusters[0].cluster.server 'https://rancher.example.com/k8s/clusters/c-1' is Rancher's `
        + "proxy, which does not accept service account tokens; use the cluster's own endpoint",
    ]],
];
