import { readFileSync } from 'fs';
import { join } from 'path';
import { createProgram, flattenDiagnosticMessageText, ModuleKind, ScriptTarget } from 'typescript';
import { parse } from 'yaml';
import {
  type IstioOperatorSpec, toJson_IstioOperatorProps, toJson_IstioOperatorSpec,
} from '../../imports/install.istio.io';
import { GatewaySpecServersTlsMode, toJson_GatewayProps, toJson_GatewaySpec } from '../../imports/networking.istio.io';

interface Schema {
  readonly properties?: { [name: string]: Schema };
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly enum?: string[];
  readonly type?: string;
}

function specSchema(file: string): Schema {
  const crd = parse(readFileSync(join(__dirname, '..', '..', 'imports', file), 'utf8'));
  return crd.spec.versions[0].schema.openAPIV3Schema.properties.spec;
}

/**
 * How `cdk8s import` spells a wire name in TypeScript: words end at capitals, `_` and `-`, and a letter after a digit
 * is a capital.
 */
function propertyName(wireName: string): string {
  return wireName
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[-_](\w)/g, (_, letter) => letter.toUpperCase())
    .replace(/\d+[a-z]/g, (digits) => digits.toUpperCase());
}

/**
 * A value with every property set, one item per list and one entry per map. A string says where it stands, so no two
 * can be mixed up.
 */
function sample(schema: Schema, spell: (wireName: string) => string, path = 'spec'): any {
  if (schema.properties) {
    return Object.fromEntries(Object.entries(schema.properties)
      .map(([name, property]) => [spell(name), sample(property, spell, `${path}.${name}`)]));
  }
  if (schema.additionalProperties) {
    return { 'a_Key-as/written': sample(schema.additionalProperties, spell, `${path}.*`) };
  }
  if (schema.items) { return [sample(schema.items, spell, `${path}[]`)]; }
  if (schema.enum) { return schema.enum[0]; }
  switch (schema.type) {
    case 'string': return path;
    case 'boolean': return true;
    case 'integer': return 7;
    case 'number': return 0.5;
    default: return { 'free_Form-of': path };
  }
}

const asWritten = (wireName: string) => wireName;

test('every field of the IstioOperator schema survives a round trip in Istio\'s own spelling', () => {
  const schema = specSchema('install.istio.io.crd.yaml');
  expect(toJson_IstioOperatorProps({ spec: sample(schema, propertyName) }))
    .toEqual({ spec: sample(schema, asWritten) });
});

test('every field of the Gateway schema survives a round trip in Istio\'s own spelling', () => {
  const schema = specSchema('networking.istio.io.crd.yaml');
  expect(toJson_GatewayProps({ spec: sample(schema, propertyName) })).toEqual({ spec: sample(schema, asWritten) });
});

test('the fields of a multi-primary IstioOperator come out as Istio writes them, with both of its spellings of the '
  + 'mesh ID', () => {
  const spec: IstioOperatorSpec = {
    components: {
      pilot: { k8S: { env: [{ name: 'PILOT_TRACE_SAMPLING', value: '100' }] } },
      ingressGateways: [{
        name: 'istio-eastwestgateway',
        label: { 'topology.istio.io/network': 'network1' },
        k8S: {
          hpaSpec: { maxReplicas: 5 },
          resources: { requests: { cpu: '100m' } },
          service: {
            loadBalancerSourceRanges: ['10.0.0.0/8'], ports: [{ name: 'tls', port: 15443, targetPort: 15443 }],
          },
          serviceAnnotations: { 'networking.gke.io/load-balancer-type': 'Internal' },
        },
      }],
    },
    meshConfig: { defaultConfig: { meshId: 'mesh1' }, meshMtls: { cipherSuites: ['ECDHE-RSA-AES256-GCM-SHA384'] } },
    values: {
      gateways: { istioIngressgateway: { injectionTemplate: 'gateway' } },
      global: {
        meshId: 'mesh1',
        multiCluster: { clusterName: 'cluster1' },
        network: 'network1',
        proxyInit: { image: 'proxyv2' },
      },
      pilot: { env: { PILOT_SCOPE_GATEWAY_TO_NAMESPACE: 'true' } },
    },
  };
  expect(toJson_IstioOperatorSpec(spec)).toEqual({
    components: {
      pilot: { k8s: { env: [{ name: 'PILOT_TRACE_SAMPLING', value: '100' }] } },
      ingressGateways: [{
        name: 'istio-eastwestgateway',
        label: { 'topology.istio.io/network': 'network1' },
        k8s: {
          hpaSpec: { maxReplicas: 5 },
          resources: { requests: { cpu: '100m' } },
          service: {
            loadBalancerSourceRanges: ['10.0.0.0/8'], ports: [{ name: 'tls', port: 15443, targetPort: 15443 }],
          },
          serviceAnnotations: { 'networking.gke.io/load-balancer-type': 'Internal' },
        },
      }],
    },
    meshConfig: { defaultConfig: { meshId: 'mesh1' }, meshMTLS: { cipherSuites: ['ECDHE-RSA-AES256-GCM-SHA384'] } },
    values: {
      gateways: { 'istio-ingressgateway': { injectionTemplate: 'gateway' } },
      global: {
        meshID: 'mesh1',
        multiCluster: { clusterName: 'cluster1' },
        network: 'network1',
        proxy_init: { image: 'proxyv2' },
      },
      pilot: { env: { PILOT_SCOPE_GATEWAY_TO_NAMESPACE: 'true' } },
    },
  });
});

test('the cross-network Gateway comes out as Istio writes it', () => {
  expect(toJson_GatewaySpec({
    selector: { istio: 'eastwestgateway' },
    servers: [{
      hosts: ['*.local'],
      port: { name: 'tls', number: 15443, protocol: 'TLS' },
      tls: { mode: GatewaySpecServersTlsMode.AUTO_PASSTHROUGH },
    }],
  })).toEqual({
    selector: { istio: 'eastwestgateway' },
    servers: [
      { hosts: ['*.local'], port: { name: 'tls', number: 15443, protocol: 'TLS' }, tls: { mode: 'AUTO_PASSTHROUGH' } },
    ],
  });
});

test('a misspelt key, and a number for a tag, are compile errors', () => {
  const refused: IstioOperatorSpec[] = [
    // @ts-expect-error the key is multiCluster
    { values: { global: { multicluster: { clusterName: 'cluster1' } } } },
    // @ts-expect-error the key is trustDomain
    { meshConfig: { trustdomain: 'example.com' } },
    // @ts-expect-error the key is defaultConfig, here too
    { values: { meshConfig: { proxyConfig: {} } } },
    // @ts-expect-error the key is matchLabels
    { components: { pilot: { k8S: { podDisruptionBudget: { selector: { labels: {} } } } } } },
    // @ts-expect-error YAML reads 1.30 as 1.3
    { tag: 1.3 },
  ];
  expect(refused).toHaveLength(5);

  // An expected error that does not happen is an error too, so this file compiles only if each line above is refused.
  const options = {
    module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, strict: true, skipLibCheck: true, esModuleInterop: true,
  };
  const program = createProgram([__filename], options);
  const errors = program.getSemanticDiagnostics(program.getSourceFile(__filename));
  expect(errors.map((error) => flattenDiagnosticMessageText(error.messageText, ' '))).toEqual([]);
}, 60_000);
