import {
  type AcceptedCases, type ViolationCases, allowing, CANARY, CONTROL_PLANE, IN_KUBECONFIG, LINK, replaced, token,
} from '../../../support/manifest-edits';

const EXEC_REJECTED = `IM141 ${IN_KUBECONFIG}: users[0].user.exec is rejected by istiod, because it would run a `
  + "program that is not in the image of istiod; use a token, or add 'exec' to "
  + 'PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS of every istiod in this cluster, as unsafeExec in a mesh does';

export const VIOLATIONS: ViolationCases = [
  ['IM141', 'a program that prints the token', replaced(LINK, 'token: t0ken', 'exec: {command: aws}'), [
    EXEC_REJECTED,
  ]],
  ['IM141', 'a program that one of two istiods may run', files => {
    replaced(LINK, 'token: t0ken', 'exec: {command: aws}')(files);
    allowing('exec')(files, CONTROL_PLANE);
  }, [
    EXEC_REJECTED,
  ]],
  ['IM141', 'a program in a list with a space, which istiod reads as part of the option', files => {
    replaced(LINK, 'token: t0ken', 'exec: {command: aws}')(files);
    allowing('clientKey, exec')(files, CONTROL_PLANE, CANARY);
  }, [
    EXEC_REJECTED,
  ]],
  ['IM141', 'a program that Helm values allow, but not the Kubernetes settings', files => {
    replaced(LINK, 'token: t0ken', 'exec: {command: aws}')(files);
    allowing('exec')(files, CONTROL_PLANE, CANARY);
    replaced(CONTROL_PLANE, 'spec:\n', 'spec:\n  components: {pilot: {k8s: {env: [{name: '
      + 'PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS, value: clientKey}]}}}\n')(files);
  }, [
    EXEC_REJECTED,
  ]],
  ['IM141', 'a file that contains the token', replaced(LINK, 'token: t0ken', 'tokenFile: /var/run/token'), [
    `IM141 ${IN_KUBECONFIG}: users[0].user.tokenFile is rejected by istiod, because a kubeconfig must not refer to `
      + "files in the container of istiod; use a token, or add 'tokenFile' to "
      + 'PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS of every istiod in this cluster, as unsafeTokenFile in a mesh '
      + 'does',
  ]],
  ['IM141', 'an auth provider that istiod does not support',
    replaced(LINK, 'token: t0ken', 'auth-provider: {name: gcp}'), [
      `IM141 ${IN_KUBECONFIG}: users[0].user.auth-provider 'gcp' is not supported by istiod, whatever its options `
        + 'allow; use a token, or a program, as unsafeExec in a mesh does',
    ]],
  ['IM142', 'a token that kubectl did not print', replaced(LINK, 'token: t0ken', 'token: REDACTED'), [
    `IM142 ${IN_KUBECONFIG}: users[0].user.token is a placeholder instead of a credential, as 'kubectl config view' `
      + 'prints without --raw; create the Secret with istioctl create-remote-secret',
  ]],
  ['IM142', 'a user without a token', replaced(LINK, 'token: t0ken', 'token: ""'), [
    `IM142 ${IN_KUBECONFIG}: users[0].user has no credentials, so the API server rejects the requests of istiod; add `
      + 'the token of the reader service account',
  ]],
  ['IM143', 'an expired token', replaced(LINK, 'token: t0ken', `token: ${token('2020-01-01')}`), [
    `IM143 ${IN_KUBECONFIG}: users[0].user.token expired on 2020-01-01, and the API server rejects it; create the `
      + 'Secret again, with a token that does not expire',
  ]],
  ['IM144', 'a token that expires', replaced(LINK, 'token: t0ken', `token: ${token('2100-01-01')}`), [
    `IM144 ${IN_KUBECONFIG}: users[0].user.token expires on 2100-01-01, and no component renews it; use the token of a `
      + 'token Secret, or renew it before that day',
  ]],
  ['IM145', 'a token in its Secret',
    replaced('00-namespace/secret-istio-mesh-reader-blue.yaml', 'kind: Secret\n', 'kind: Secret\ndata: {token: '
      + 'dDBrZW4=}\n'), [
      "IM145 00-namespace/secret-istio-mesh-reader-blue.yaml:3:8: Secret 'istio-mesh-reader-blue': data.token: a token "
        + 'is in plain text here, visible to anyone with access to the manifests; keep it out of version control, e.g. '
        + 'encrypt it, or create the Secret in the cluster',
    ]],
];

export const ACCEPTED: AcceptedCases = [
  ['a program that every istiod of the cluster allows', files => {
    replaced(LINK, 'token: t0ken', 'exec: {command: aws}')(files);
    allowing('clientKey,exec')(files, CONTROL_PLANE, CANARY);
  }],
  ['a token file that every istiod of the cluster allows', files => {
    replaced(LINK, 'token: t0ken', 'tokenFile: /var/run/token')(files);
    allowing('tokenFile')(files, CONTROL_PLANE, CANARY);
  }],
  ['a user of OpenID Connect', replaced(LINK, 'token: t0ken', 'auth-provider: {name: oidc}')],
];
