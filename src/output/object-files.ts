import type { ApiObject } from 'cdk8s';
import type { ManifestText, ManifestTexts } from './manifest-texts';
import type { RenderedObject } from './rendered-objects';
import { isIstioOperator, Step, stepOf } from '../core/step';

/** The file of a Kubernetes object. */
export interface ObjectFile extends ManifestText {
  /** Path of the construct that created the object. */
  readonly creator: string;
  readonly kind: string;
  readonly apiGroup: string;
  readonly step: Step;
  /** File name. */
  readonly name: string;
}

/** The file of an object in the construct tree. */
export function objectFile(object: ApiObject, texts: ManifestTexts): ObjectFile {
  const { kind, apiGroup, node } = object;
  const manifest = texts.of(object);
  const step = stepOf(object);
  const name = manifest.isManifest ? fileName(step, object, manifest.metadata) : '';
  return { ...manifest, step, creator: node.path, kind, apiGroup, name };
}

/** The file of an object that istioctl rendered; its name contains a namespace other than the control plane's. */
export function renderedFile(object: RenderedObject, texts: ManifestTexts): ObjectFile {
  const { operator, kind, apiGroup, metadata, step, systemNamespace } = object;
  const { name, namespace = systemNamespace } = metadata;
  const prefix = namespace === systemNamespace ? '' : `${namespace}.`;
  return {
    text: texts.ofRendered(object),
    metadata,
    isManifest: true,
    step,
    creator: operator.node.path,
    kind,
    apiGroup,
    name: inFileName(`${kind.toLowerCase()}-${prefix}${name}`),
  };
}

/** The file name of an object. It is a stable interface, so it does not depend on other objects. */
function fileName(step: Step, object: ApiObject, metadata: ManifestText['metadata']): string {
  if (isIstioOperator(object)) {
    return inFileName(metadata.name);
  }
  const name = step === Step.RESOURCES ? fullName(object, metadata) : `${object.kind.toLowerCase()}-${metadata.name}`;
  return inFileName(name);
}

function inFileName(name: string): string {
  return `${name.replace(/[^\w.-]/g, '_')}.yaml`;
}

/** A name that is unique among the user's own objects, which can be of any API group and in any namespace. */
function fullName({ kind, apiGroup }: ApiObject, { name, namespace }: ManifestText['metadata']): string {
  const group = apiGroup.includes('.') ? [apiGroup] : [];
  return [kind.toLowerCase(), ...group, ...namespace ? [namespace] : [], name].join('.');
}
