import type { ApiObject } from 'cdk8s';
import type { ManifestText, ManifestTexts } from './manifest-texts';
import type { RenderedObject } from './rendered-objects';
import { isIstioOperator, Step, stepOf } from '../core/step';

/** An object that gets a file. */
export interface ObjectFile extends ManifestText {
  /** Path of the construct that it is of. */
  readonly maker: string;
  readonly kind: string;
  readonly apiGroup: string;
  readonly step: Step;
  /** Of the file. */
  readonly name: string;
}

/** The file of an object of the construct tree. */
export function objectFile(object: ApiObject, texts: ManifestTexts): ObjectFile {
  const { text, metadata, isManifest } = texts.of(object);
  const step = stepOf(object);
  return {
    text, metadata, isManifest, step, maker: object.node.path, kind: object.kind, apiGroup: object.apiGroup, name: isManifest ? fileName(step, object, metadata) : '',
  };
}

/** The file of an object that istioctl rendered: in the namespace of the control plane is what has none in the file's name. */
export function renderedFile(object: RenderedObject, texts: ManifestTexts): ObjectFile {
  const { operator, kind, apiGroup, metadata, step, systemNamespace } = object;
  const { name, namespace = systemNamespace } = metadata;
  const file = inFileName(`${kind.toLowerCase()}-${namespace === systemNamespace ? '' : `${namespace}.`}${name}`);
  return { text: texts.ofRendered(object), metadata, isManifest: true, step, maker: operator.node.path, kind, apiGroup, name: file };
}

/**
 * Paths are an interface: no object's file depends on which other objects there are.
 *
 * The user's own objects, of any kind in any namespace, have both in their file's name.
 */
function fileName(step: Step, object: ApiObject, metadata: ManifestText['metadata']): string {
  const name = isIstioOperator(object) ? metadata.name : step === Step.RESOURCES ? fullName(object, metadata) : `${object.kind.toLowerCase()}-${metadata.name}`;
  return inFileName(name);
}

function inFileName(name: string): string {
  return `${name.replace(/[^\w.-]/g, '_')}.yaml`;
}

function fullName({ kind, apiGroup }: ApiObject, { name, namespace }: ManifestText['metadata']): string {
  return [kind.toLowerCase(), ...apiGroup.includes('.') ? [apiGroup] : [], ...namespace ? [namespace] : [], name].join('.');
}
