import { join } from 'path';
import { JsonPatch } from 'cdk8s';
import { parse } from 'yaml';
import {
  type CertManagerTrustOptions, type ExternalSecretsTrustOptions, type MeshProps, Mesh, MeshApp, Trust,
} from '../../../src';
import { authorityFiles, newRoot, pemDirectory, smallKey } from '../../support/authorities';
import { crdProblems } from '../../support/custom-resources';
import { type Files, directoryWith, filesOf, treeOf, treeOfFile, twoClusters } from '../../support/mesh-util';
import { problems, temporaryDirectory } from '../../support/util';

const ISSUER = { name: 'mesh-root' };
const STORE = { name: 'vault' };

/** What brings the authority of the first cluster. */
function objectOf(trust: Trust, props: Partial<MeshProps> = {}): any {
  const files = Object.entries(treeOf(twoClusters({ ...props, trust })))
    .filter(([path]) => /^cluster1\/10-trust\/(?!kustomization)/.test(path));
  expect(files).toHaveLength(1);
  return parse(files[0][1]);
}

function certificateOf(options: Partial<CertManagerTrustOptions> = {}, props: Partial<MeshProps> = {}): any {
  return objectOf(Trust.certManager({ issuerRef: ISSUER, ...options }), props);
}

function externalSecretOf(options: Partial<ExternalSecretsTrustOptions> = {}): any {
  return objectOf(Trust.externalSecrets({ secretStoreRef: STORE, ...options }));
}

test('a Secret that somebody else brings, and PEM files, leave no trace in the tree but what was said', () => {
  const clustersOf = (files: Files) => Object.entries(files).filter(([path]) => path.includes('/'));
  const before = treeOf(twoClusters());
  for (const trust of [Trust.external(), Trust.pem(pemDirectory({ cluster1: authorityFiles(newRoot()) }))]) {
    const files = treeOf(twoClusters({ trust }));
    expect(clustersOf(files)).toEqual(clustersOf(before));
    expect(files['mesh.yaml']).not.toBe(before['mesh.yaml']);
  }
});

test('cert-manager gets a Certificate of an authority, with the names that Istio\'s own tool gives it', () => {
  expect(certificateOf()).toEqual({
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name: 'cacerts', namespace: 'istio-system' },
    spec: {
      secretName: 'cacerts',
      isCA: true,
      commonName: 'Intermediate CA',
      subject: { organizations: ['Istio'], localities: ['cluster1'] },
      dnsNames: ['istiod.istio-system.svc'],
      privateKey: { algorithm: 'RSA', size: 4096, rotationPolicy: 'Always' },
      usages: ['digital signature', 'key encipherment', 'cert sign'],
      issuerRef: { name: 'mesh-root', kind: 'ClusterIssuer', group: 'cert-manager.io' },
    },
  });
});

test('a Certificate has what is said of it, and the namespace of istiod', () => {
  const issuerRef = { name: 'pca', kind: 'AWSPCAClusterIssuer', group: 'awspca.cert-manager.io' };
  const { metadata, spec } =
    certificateOf({ issuerRef, duration: '8760h', renewBefore: '720h', privateKey: { algorithm: 'ECDSA' } },
      { namespace: 'mesh' });
  expect(metadata.namespace).toBe('mesh');
  expect(spec).toMatchObject({
    issuerRef,
    duration: '8760h',
    renewBefore: '720h',
    privateKey: { algorithm: 'ECDSA', size: 256 },
    dnsNames: ['istiod.mesh.svc'],
  });
  expect(certificateOf({ privateKey: { size: 2048 } }).spec.privateKey).toMatchObject({ algorithm: 'RSA', size: 2048 });
});

test('External Secrets gets an ExternalSecret for the four files, whose Secret outlives it and takes none of its '
  + 'labels', () => {
  const remoteRef = (property: string) => ({ key: 'istio/mesh1/cluster1/cacerts', property });
  expect(externalSecretOf()).toEqual({
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name: 'cacerts', namespace: 'istio-system' },
    spec: {
      secretStoreRef: { kind: 'ClusterSecretStore', name: 'vault' },
      target: {
        name: 'cacerts',
        creationPolicy: 'Orphan',
        deletionPolicy: 'Retain',
        template: { engineVersion: 'v2', metadata: { labels: { 'app.kubernetes.io/managed-by': 'external-secrets' } } },
      },
      data: ['ca-cert.pem', 'ca-key.pem', 'root-cert.pem',
        'cert-chain.pem'].map(name => ({ secretKey: name, remoteRef: remoteRef(name) })),
    },
  });
});

test('an ExternalSecret has what is said of it, with the cluster\'s name in the key', () => {
  const { spec } =
    externalSecretOf({
      secretStoreRef: { name: 'azure', kind: 'SecretStore' }, key: 'mesh1-$(cluster)', refreshInterval: '15m',
    });
  expect(spec).toMatchObject({ secretStoreRef: { name: 'azure', kind: 'SecretStore' }, refreshInterval: '15m' });
  expect(spec.data.map(({ remoteRef }: any) => remoteRef.key)).toEqual(Array(4).fill('mesh1-cluster1'));
});

test('the operators\' own schemas take the objects', () => {
  const certificates = [
    certificateOf(), certificateOf({
      duration: '8760h', renewBefore: '720h', privateKey: { algorithm: 'ECDSA', size: 384 },
    }),
  ];
  const secrets = [
    externalSecretOf(), externalSecretOf({
      key: 'k', refreshInterval: '1h30m', secretStoreRef: { name: 'a.b', kind: 'SecretStore' },
    }),
  ];
  expect([...crdProblems('cert-manager.yaml', certificates), ...crdProblems('external-secrets.yaml', secrets)])
    .toEqual([]);
  expect(crdProblems('cert-manager.yaml', [{ ...certificates[0], spec: { ...certificates[0].spec, issuerRef: {} } }]))
    .toEqual([
      "Certificate 'cacerts': instance.spec.issuerRef requires property \"name\"",
    ]);
});

test('the step stands between the namespace and what starts istiod, and each cluster may have another member', () => {
  const tree =
    treeOf(twoClusters({ trust: Trust.certManager({ issuerRef: ISSUER }) }, {}, { trust: Trust.external() }));
  expect(parse(tree['cluster1/kustomization.yaml']).resources).toEqual(['00-namespace', '10-trust']);
  expect(parse(tree['cluster1/10-trust/kustomization.yaml']).resources).toEqual(['certificate-cacerts.yaml']);
  expect(parse(tree['cluster2/kustomization.yaml']).resources).toEqual(['00-namespace']);
});

test('the object can be patched, and there is none where nothing makes the Secret', () => {
  const tree =
    treeOf(twoClusters({ trust: Trust.certManager({ issuerRef: ISSUER }) }, {}, { trust: Trust.external() }), mesh => {
      mesh.cluster('cluster1').cacerts!.addJsonPatch(JsonPatch.add('/spec/revisionHistoryLimit', 1));
      expect(mesh.cluster('cluster2').cacerts).toBeUndefined();
    });
  expect(parse(tree['cluster1/10-trust/certificate-cacerts.yaml']).spec.revisionHistoryLimit).toBe(1);
});

test('a relative PEM directory starts from the mesh file, and leads from the tree to the same place', () => {
  const mesh =
    '{meshID: mesh1, istioVersion: 1.31.0, network: network1, trust: {pem: keys}, clusters: [{name: cluster1}]}';
  const directory = directoryWith({ 'mesh.yaml': mesh, 'keys/cluster1/ca-key.pem': smallKey() });
  const synthesize = (file: string, outdir: string) => {
    const app = new MeshApp({ outdir, summary: false });
    Mesh.fromFile(app, 'mesh', file);
    app.synth();
  };
  const missing = [expect.stringContaining(`are missing in '${join(directory, 'keys', 'cluster1')}'`)];
  expect(problems(() => synthesize(join(directory, 'mesh.yaml'), join(directory, 'dist')))).toEqual(missing);

  const other = directoryWith({ 'mesh.yaml': mesh });
  synthesize(join(other, 'mesh.yaml'), join(other, 'out', 'dist'));
  expect(parse(filesOf(join(other, 'out', 'dist'))['mesh.yaml']).clusters[0].trust).toEqual({ pem: '../../keys' });
  expect(Object.keys(treeOfFile(mesh))).toContain('mesh.yaml');
});

test('a PEM directory inside of the output directory is refused', () => {
  const outdir = join(temporaryDirectory(), 'dist');
  const app = new MeshApp({ outdir, summary: false });
  new Mesh(app, 'mesh1', twoClusters({ trust: Trust.pem(join(outdir, 'keys')) }));
  expect(problems(() => app.synth())).toEqual([
    `trust: the PEM directory '${outdir}/keys' is inside the output directory, which is committed, and which cdk8s `
      + 'synth empties; move it out of there',
  ]);
});

/** The lines that synth prints for a cluster. */
function told(trust: Trust): string[] {
  const app = new MeshApp({ outdir: join(temporaryDirectory(), 'dist') });
  new Mesh(app, 'mesh1', twoClusters({ trust, context: 'admin@$(cluster)' }));
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    app.synth();
    const lines = stderr.mock.calls.map(([text]) => String(text).split(app.outdir).join('dist')).join('').split('\n');
    return lines.slice(lines.findIndex(line => line.includes('/00-namespace')) + 1,
      lines.findIndex(line => line.includes('istioctl')));
  } finally {
    stderr.mockRestore();
  }
}

test('synth tells how the Secret comes to be before istiod starts', () => {
  expect(told(Trust.external())).toEqual(['  create the Secret cacerts with an intermediate CA of the common root CA (https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/)']);
  expect(told(Trust.pem('keys')))
    .toEqual(['  istio-mesh certs dist/mesh.yaml --apply    # once for all clusters, after step 00-namespace of each']);
  expect(told(Trust.certManager({ issuerRef: ISSUER }))).toEqual([
    '  kubectl --context admin@cluster1 apply -k dist/cluster1/10-trust',
    '  kubectl --context admin@cluster1 -n istio-system wait --for=condition=Ready --timeout=5m '
      + 'certificate.cert-manager.io/cacerts',
  ]);
  expect(told(Trust.externalSecrets({ secretStoreRef: STORE }))).toEqual([
    '  kubectl --context admin@cluster1 apply -k dist/cluster1/10-trust',
    '  kubectl --context admin@cluster1 -n istio-system wait --for=condition=Ready --timeout=5m '
      + 'externalsecret.external-secrets.io/cacerts',
  ]);
});
