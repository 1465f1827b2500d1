import type { Plain } from '../support/random-meshes';

/** Settings that Helm and istioctl install alike, but for what is said here. */
export interface HelmMesh {
  readonly what: string;
  readonly settings: Plain;
  /** Where the objects of Helm differ, and why that is right. @default nowhere */
  readonly differs?: { readonly [path: string]: string };
}

const OTHER_ENVIRONMENT =
  'istioctl patches the variables into the Deployment alone; the injector\'s copy of the values, whose env no template '
    + 'reads, has them with Helm';
const PATCHED = 'what a component says istioctl patches into the objects, and Helm has in its values';
const MERGED = 'ConfigMap values/data/merged';
const INJECTOR = 'ConfigMap istio-sidecar-injector/data/values';

const OVERWRITTEN =
  'istioctl writes whether it installs the node agent itself over the user\'s word that there is one; Helm takes it';

/** A setting of every kind: all that charts read in their own words, all components, all profiles. */
export const HELM_MESHES: readonly HelmMesh[] = [
  { what: 'nothing', settings: {} },
  ...['default', 'minimal', 'demo', 'preview', 'stable',
    'openshift'].map(profile => ({ what: `profile ${profile}`, settings: { profile } })),
  { what: 'images', settings: { hub: 'registry.example.com/istio', tag: '1.31.0-distroless', profile: 'openshift' } },
  { what: 'another namespace', settings: { namespace: 'istio-prod', components: { cni: { enabled: true } } } },
  { what: 'a revision', settings: { revision: '1-31-0', components: { cni: { enabled: true } } } },
  { what: 'a canary', settings: { canary: { revision: 'next', istioVersion: '1.32.0', tag: '1.32.0' } } },
  { what: 'an older behaviour', settings: { compatibilityVersion: '1.28', components: { cni: { enabled: true } } } },
  {
    what: 'what the profile and the compatibility version say otherwise',
    settings: {
      profile: 'demo',
      compatibilityVersion: '1.30',
      values: {
        pilot: {
          autoscaleEnabled: true,
          traceSampling: 7,
          resources: { requests: { cpu: '50m' } },
          env: { PILOT_ENABLE_STRICT_GATEWAY_MERGING: 'true' },
        },
        cni: { resources: { requests: { memory: '50Mi' } } },
      },
      components: { cni: { enabled: true } },
    },
  },
  {
    what: 'values of istiod',
    settings: {
      values: {
        pilot: {
          autoscaleMin: 2,
          autoscaleMax: 4,
          autoscaleBehavior: { scaleDown: { stabilizationWindowSeconds: 60 } },
          cpu: { targetAverageUtilization: 50 },
          memory: { targetAverageUtilization: 60 },
          rollingMaxSurge: '50%',
          rollingMaxUnavailable: 1,
          image: 'pilot',
          traceSampling: 2.5,
          nodeSelector: { pool: 'no' },
          podAnnotations: { a: '1_0' },
          podLabels: { b: 'x' },
          deploymentLabels: { c: 'y' },
          serviceAnnotations: { d: 'z' },
          serviceAccountAnnotations: { e: 'true' },
          env: { PILOT_ENABLE_ALPHA: 'no', LIMIT: '0x1f' },
          ipFamilies: ['IPv6'],
          ipFamilyPolicy: 'SingleStack',
          tolerations: [{ key: 'istio', operator: 'Exists' }],
          topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' }],
          affinity: { podAntiAffinity: {} },
          volumes: [{ name: 'v', emptyDir: {} }],
          volumeMounts: [{ name: 'v', mountPath: '/v' }],
          envVarFrom: [{ name: 'X', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
          jwksResolverExtraRootCA: 'pem',
          keepaliveMaxServerConnectionAge: '10m',
          taint: { enabled: true, namespace: 'istio-system' },
          seccompProfile: { type: 'RuntimeDefault' },
          trustedZtunnelNamespace: 'a',
        },
      },
    },
  },
  {
    what: 'values of all',
    settings: {
      values: {
        global: {
          logAsJson: true,
          logging: { level: 'default:debug' },
          imagePullPolicy: 'Always',
          imagePullSecrets: ['nan', 'regcred'],
          priorityClassName: 'system-cluster-critical',
          variant: 'debug',
          proxy: {
            clusterDomain: 'prod.local', resources: { limits: { cpu: '1' } }, logLevel: 'info', privileged: true,
          },
          networkPolicy: { enabled: true },
          nativeNftables: true,
          meshNetworks: { network9: { endpoints: [{ fromCidr: '10.0.0.0/8' }] } },
          waypoint: { resources: { requests: { cpu: '1' } } },
          certSigners: ['clusterissuers.cert-manager.io/istio'],
          platform: 'gke',
          enableReaderRBAC: false,
          defaultPodDisruptionBudget: { enabled: false },
        },
        sidecarInjectorWebhook: {
          rewriteAppHTTPProbe: false,
          enableNamespacesByDefault: true,
          injectedAnnotations: { a: 'no' },
          reinvocationPolicy: 'IfNeeded',
          templates: { mine: 'metadata: {}' },
          defaultTemplates: ['sidecar', 'mine'],
          neverInjectSelector: [{ matchLabels: { a: 'b' } }],
        },
        telemetry: { enabled: true, v2: { prometheus: { enabled: false } } },
        gateways: { securityContext: { runAsUser: 1 }, seccompProfile: { type: 'RuntimeDefault' } },
        gatewayClasses: { istio: { service: { spec: { type: 'ClusterIP' } } } },
        base: { enableIstioConfigCRDs: false, excludedCRDs: ['envoyfilters.networking.istio.io'] },
        experimental: { stableValidationPolicy: true },
        cni: {
          cniBinDir: '/bin',
          cniConfDir: '/conf',
          excludeNamespaces: ['a'],
          logging: { level: 'info' },
          chained: false,
          podAnnotations: { a: 'no' },
          env: { A: '0x1f' },
          provider: 'multus',
          repair: { labelPods: true, repairPods: false },
        },
      },
      components: { cni: { enabled: true } },
    },
  },
  { what: 'OpenShift without the node agent', settings: { values: { global: { platform: 'openshift' } } } },
  {
    what: 'a node agent that is there',
    settings: { values: { pilot: { cni: { enabled: true, provider: 'multus' } } } },
    differs: {
      [`${INJECTOR}/pilot/cni/enabled`]: OVERWRITTEN, 'ConfigMap values/data/merged/cni/enabled': OVERWRITTEN,
    },
  },
  {
    what: 'mesh config',
    settings: {
      meshConfig: {
        accessLogFile: '/dev/stdout',
        trustDomain: 'example.org',
        trustDomainAliases: ['old.example.org'],
        enableTracing: true,
        outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
        rootNamespace: 'yes',
        defaultConfig: {
          proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' }, holdApplicationUntilProxyStarts: true, concurrency: 2,
        },
        extensionProviders: [{ name: 'otel', opentelemetry: { service: 'a.b', port: 4317 } }],
      },
    },
  },
  {
    what: 'istiod as a component',
    settings: {
      components: {
        pilot: {
          hub: 'registry.example.com',
          tag: '1.31.1',
          k8s: {
            affinity: {
              nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: {
                  nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Exists' }] }],
                },
              },
            },
            hpaSpec: { minReplicas: 2, maxReplicas: 3, behavior: { scaleDown: { stabilizationWindowSeconds: 60 } } },
            nodeSelector: { pool: '1e3' },
            podAnnotations: { a: 'no' },
            podDisruptionBudget: { maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
            resources: { requests: { cpu: 1, memory: '1Gi' }, limits: { cpu: '2' } },
            service: { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'PreferDualStack' },
            serviceAnnotations: { b: 'true' },
            strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '50%', maxUnavailable: 0 } },
          },
        },
      },
    },
    differs: {
      [MERGED]: PATCHED,
      'Deployment istiod/spec/strategy/type': 'the chart leaves RollingUpdate, Kubernetes\' default, out',
    },
  },
  {
    what: 'a number of istiods',
    settings: { values: { pilot: { autoscaleEnabled: false } }, components: { pilot: { k8s: { replicaCount: 3 } } } },
  },
  {
    what: 'variables of istiod as a component',
    settings: {
      values: { pilot: { env: { A: 'a', B: 'b' } } },
      components: {
        pilot: {
          k8s: {
            env: [{ name: 'B', value: 'no' }, { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
          },
        },
      },
    },
    differs: { [MERGED]: PATCHED, [INJECTOR]: OTHER_ENVIRONMENT },
  },
  {
    what: 'tolerations of istiod as a component',
    settings: { components: { pilot: { k8s: { tolerations: [{ key: 'edge', operator: 'Exists' }] } } } },
    differs: {
      [MERGED]: PATCHED,
      'Deployment istiod/spec/template/spec/tolerations':
        'istioctl replaces the one for nodes without the CNI node agent that the chart has itself; Helm keeps it',
    },
  },
  {
    what: 'the node agent as a component',
    settings: {
      components: {
        cni: {
          enabled: true,
          namespace: 'kube-system',
          hub: 'registry.example.com',
          tag: '1.31.1',
          k8s: {
            affinity: {
              nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: {
                  nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Exists' }] }],
                },
              },
            },
            env: [{ name: 'A', value: 'no' }],
            imagePullPolicy: 'Always',
            podAnnotations: { a: 'no' },
            resources: { requests: { cpu: '1' } },
            tolerations: [{ operator: 'Exists' }],
          },
        },
      },
    },
    differs: { 'ConfigMap istio-cni-config/data/A': 'the chart has the node agent\'s variables there too' },
  },
  {
    what: 'no gateways of istioctl\'s',
    settings: { components: { ingressGateways: [{ name: 'istio-ingressgateway', enabled: false }] } },
  },
  {
    what: 'every setting of the gateway',
    settings: {
      eastWestGateway: {
        name: 'istio-east',
        ports: [{ name: 'status-port', port: 15021 }, { name: 'tls', port: 443, targetPort: 8443, nodePort: 30443 }],
        service: {
          type: 'LoadBalancer',
          annotations: { a: 'no', b: '1_0' },
          loadBalancerIP: '192.0.2.7',
          loadBalancerClass: 'example.com/lb',
          loadBalancerSourceRanges: ['10.0.0.0/8'],
          externalTrafficPolicy: 'Local',
          externalIPs: ['192.0.2.1', '2001:db8::1'],
          ipFamilies: ['IPv4', 'IPv6'],
          ipFamilyPolicy: 'PreferDualStack',
        },
        autoscaling: { minReplicas: 2, maxReplicas: 7, targetCPUUtilizationPercentage: 60 },
        podDisruptionBudget: { maxUnavailable: 1 },
        resources: { requests: { cpu: 1, memory: '256Mi' }, limits: { cpu: '2' } },
        nodeSelector: { pool: '1e3' },
        tolerations: [{ key: 'edge', operator: 'Exists' }],
        affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone' }] } },
        podAnnotations: { a: '0o17' },
        env: { A: 'on', LIMIT: '0x1f' },
        priorityClassName: 'system-cluster-critical',
      },
    },
  },
  {
    what: 'gateways of one number', settings: { eastWestGateway: { autoscaling: { enabled: false }, replicaCount: 2 } },
  },
  {
    what: 'gateways of a revision',
    settings: {
      revision: '1-31-0',
      canary: { revision: 'next', istioVersion: '1.32.0' },
      eastWestGateway: { revision: 'next', loadBalancer: { nodePort: { pool: 'no' } } },
    },
  },
];
