import type { ApiObject } from 'cdk8s';
import type { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { ruleErrors } from '../core/evaluate';
import { throwErrors } from '../core/mesh-error';
import { objectIn, Step } from '../core/step';
import { ISTIO_SYSTEM, TAG_SERVICE_PREFIX } from '../istio/names';
import { DEFAULT_REVISION, istiodName, revisionLabel } from '../istio/revisions';
import { nameErrors } from '../rules/construct/construct-names';
import { REVISION_TAG_RULES } from '../rules/mesh/revision-tag-rules';

/**
 * Properties of a `RevisionTag`.
 */
export interface RevisionTagProps {
  /**
   * Name of the tag. Label: `istio.io/tag`.
   *
   * The tag `default` also applies to `istio-injection: enabled`, and validates Istio's configuration.
   */
  readonly tag: string;

  /**
   * Revision of the tag, `default` for a control plane without one. Label: `istio.io/rev`.
   */
  readonly revision: string;

  /**
   * Namespace of the control plane.
   *
   * @default 'istio-system'
   */
  readonly namespace?: string;

  /**
   * Whether the tag `default` injects pods without a label in namespaces without a label.
   * Helm value: `sidecarInjectorWebhook.enableNamespacesByDefault`.
   *
   * @default false
   */
  readonly enableNamespacesByDefault?: boolean;

  /**
   * Whether the API server calls the injector again after other webhooks have changed the pod.
   * Helm value: `sidecarInjectorWebhook.reinvocationPolicy`.
   *
   * @default 'Never'
   */
  readonly reinvocationPolicy?: string;

  /**
   * Path of the injector. Helm value: `istiodRemote.injectionPath`.
   *
   * @default '/inject'
   */
  readonly injectionPath?: string;

  /**
   * Annotations of the Service. Helm value: `pilot.serviceAnnotations`.
   *
   * @default - none
   */
  readonly serviceAnnotations?: { readonly [name: string]: string };

  /**
   * IP families of the Service. Helm value: `pilot.ipFamilies`.
   *
   * @default - those of the cluster
   */
  readonly ipFamilies?: string[];

  /**
   * Whether the Service has one IP family or two. Helm value: `pilot.ipFamilyPolicy`.
   *
   * @default - that of the cluster
   */
  readonly ipFamilyPolicy?: string;
}

/**
 * A revision tag: the name that namespaces, pods and gateways use instead of a revision.
 *
 * Moving the tag to another revision moves all of them. It creates the webhooks and the Service that Istio's chart
 * creates for a tag, and for the tag `default` also the validating webhook of `istioctl tag set`. istiod sets the
 * `caBundle` of webhooks with the label of its revision.
 *
 * @see https://istio.io/latest/docs/setup/upgrade/canary/#stable-revision-labels
 */
export class RevisionTag extends Construct {
  /** Name of the tag. */
  readonly tag: string;

  /** Revision of the tag, `default` for a control plane without one. */
  readonly revision: string;

  /** Namespace of the control plane. */
  readonly namespace: string;

  /** The MutatingWebhookConfiguration, which injects pods that use the tag. */
  readonly webhooks: ApiObject;

  /** The Service, by which istiod recognizes the tag. */
  readonly service: ApiObject;

  /** The ValidatingWebhookConfiguration of the tag `default`. */
  readonly validator?: ApiObject;

  /**
   * @throws when a name is not valid in Kubernetes and Istio
   */
  constructor(scope: Construct, id: string, props: RevisionTagProps) {
    super(scope, id);
    this.tag = props.tag;
    this.revision = revisionLabel(props.revision);
    this.namespace = props.namespace ?? ISTIO_SYSTEM;
    throwErrors(this.node.path, [
      ...ruleErrors(REVISION_TAG_RULES, { revisionTags: { [this.tag]: this.revision } }),
      ...nameErrors({ revision: this.revision, namespace: this.namespace }),
    ]);
    const istiod = istiodName(this.revision === DEFAULT_REVISION ? '' : this.revision);
    // Like `istioctl tag set`, without the labels by which istioctl and Helm find the objects that they own.
    const labels = { ...ISTIOD_LABELS, 'istio.io/rev': this.revision, 'istio.io/tag': this.tag };
    const istiodAt = (path: string) => ({ name: istiod, namespace: this.namespace, path });

    this.webhooks = objectIn<k8s.KubeMutatingWebhookConfigurationProps>(Step.CONTROL_PLANE, this, 'Resource', {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: {
        name: `istio-revision-tag-${this.tag}${this.namespace === ISTIO_SYSTEM ? '' : `-${this.namespace}`}`,
        labels: { ...labels, app: 'sidecar-injector' },
      },
      webhooks: this.selectors(props.enableNamespacesByDefault ?? false).map(([name, namespaces, objects]) => ({
        name: `${name}.sidecar-injector.istio.io`,
        clientConfig: { service: { ...istiodAt(props.injectionPath ?? '/inject'), port: 443 } },
        sideEffects: 'None',
        rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
        failurePolicy: 'Fail',
        reinvocationPolicy: props.reinvocationPolicy ?? 'Never',
        admissionReviewVersions: ['v1'],
        namespaceSelector: { matchExpressions: namespaces },
        objectSelector: { matchExpressions: objects },
      })),
    });

    this.service = objectIn(Step.CONTROL_PLANE, this, 'Service', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: `${TAG_SERVICE_PREFIX}${this.tag}`,
        namespace: this.namespace,
        labels: { ...labels, app: 'istiod', istio: 'pilot' },
        ...props.serviceAnnotations && { annotations: props.serviceAnnotations },
      },
      spec: {
        ports: SERVICE_PORTS,
        // Only a control plane without a revision has the label istio: pilot.
        selector: {
          app: 'istiod', ...this.revision === DEFAULT_REVISION ? { istio: 'pilot' } : { 'istio.io/rev': this.revision },
        },
        ...props.ipFamilyPolicy && { ipFamilyPolicy: props.ipFamilyPolicy },
        ...props.ipFamilies && { ipFamilies: props.ipFamilies },
      },
    });

    this.validator = this.tag !== DEFAULT_REVISION ? undefined
      : objectIn<k8s.KubeValidatingWebhookConfigurationProps>(Step.CONTROL_PLANE, this, 'Validator', {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingWebhookConfiguration',
        metadata: { name: 'istiod-default-validator', labels: { ...labels, app: 'istiod', istio: 'istiod' } },
        webhooks: [{
          name: 'validation.istio.io',
          clientConfig: { service: istiodAt('/validate') },
          rules: [{
            operations: ['CREATE', 'UPDATE'],
            apiGroups: ['security.istio.io', 'networking.istio.io', 'telemetry.istio.io', 'extensions.istio.io'],
            apiVersions: ['*'],
            resources: ['*'],
          }],
          failurePolicy: 'Ignore', // istiod changes it to Fail when it is ready
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          objectSelector: { matchExpressions: [absent(REVISION)] }, // the validator of a revision checks the others
        }],
      });
    this.node.defaultChild = this.webhooks;
  }

  /** The namespaces and pods that each webhook selects; at most one webhook selects a pod. */
  private selectors(
    enableNamespacesByDefault: boolean,
  ): Array<[name: string, namespaces: Selector[], objects: Selector[]]> {
    const ofTag = oneOf(REVISION, this.tag);
    const notDisabled = noneOf(INJECT, 'false');
    return [
      ['rev.namespace', [ofTag, absent(INJECTION)], [notDisabled]],
      ['rev.object', [absent(REVISION), absent(INJECTION)], [notDisabled, ofTag]],
      ...this.tag !== DEFAULT_REVISION ? [] : [
        ['namespace', [oneOf(INJECTION, 'enabled')], [notDisabled]],
        ['object', [absent(INJECTION), absent(REVISION)], [oneOf(INJECT, 'true'), absent(REVISION)]],
        ...enableNamespacesByDefault ? [
          ['auto', [absent(INJECTION), absent(REVISION), noneOf('kubernetes.io/metadata.name', ...SYSTEM_NAMESPACES)],
            [absent(INJECT), absent(REVISION)]],
        ] : [],
      ] as Array<[string, Selector[], Selector[]]>,
    ];
  }
}

const ISTIOD_LABELS = { 'app.kubernetes.io/name': 'istiod', 'app.kubernetes.io/part-of': 'istio' };

const SERVICE_PORTS = [
  { name: 'grpc-xds', port: 15010, protocol: 'TCP' },
  { name: 'https-dns', port: 15012, protocol: 'TCP' },
  { name: 'https-webhook', port: 443, targetPort: 15017, protocol: 'TCP' },
  { name: 'http-monitoring', port: 15014, protocol: 'TCP' },
];

type Selector = k8s.LabelSelectorRequirement;

const REVISION = 'istio.io/rev';
const INJECTION = 'istio-injection';
const INJECT = 'sidecar.istio.io/inject';
const SYSTEM_NAMESPACES = ['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'];

function oneOf(key: string, ...values: string[]): Selector {
  return { key, operator: 'In', values };
}

function noneOf(key: string, ...values: string[]): Selector {
  return { key, operator: 'NotIn', values };
}

function absent(key: string): Selector {
  return { key, operator: 'DoesNotExist' };
}
