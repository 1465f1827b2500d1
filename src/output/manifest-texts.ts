import type { ApiObject } from 'cdk8s';
import type { RenderedObject } from './rendered-objects';
import type { StepObject } from '../core/step';
import { stepOf } from '../core/step';
import type { Annotations, DeliveredObject } from '../settings/git-ops/delivery';
import { toYaml, withAnnotations } from '../util/yaml-text';

/** The text of an object, and its metadata, which name its file. */
export interface ManifestText {
  readonly text: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  /** Whether it still has what makes a manifest one. */
  readonly isManifest: boolean;
}

/** Longest name of any kind. */
const MAX_NAME = 253;

/** Texts of objects, made once for those that are alike: a cluster's remote Secret is the same in each of its peers. */
export class ManifestTexts {
  private readonly texts = new Map<string, string>();
  private readonly first = new WeakMap<object, { readonly object: ApiObject; readonly text: ManifestText }>();

  /** @param annotations what whoever applies an object must be told at the object itself */
  constructor(private readonly annotations?: (object: DeliveredObject) => Annotations) {}

  of(object: ApiObject): ManifestText {
    const manifest = (object as Partial<StepObject>).unpatchedManifest;
    if (!manifest) {
      return this.textOf(object);
    }
    const first = this.first.get(manifest);
    if (first && isSame(first.object.metadata, object.metadata)) {
      return first.text;
    }
    const text = this.textOf(object);
    if (!first) {
      this.first.set(manifest, { object, text });
    }
    return text;
  }

  /** The text of a rendered object, which stays what it is but for annotations. */
  ofRendered({ text, step, apiVersion, kind, metadata: { name } }: RenderedObject): string {
    return this.annotations ? withAnnotations(text, this.annotations({ step, apiVersion, kind, name, text })) : text;
  }

  private textOf(object: ApiObject): ManifestText {
    const manifest = this.annotated(object);
    const key = JSON.stringify(manifest);
    const text = this.texts.get(key) ?? toYaml(manifest);
    this.texts.set(key, text);
    const { apiVersion, kind, metadata } = manifest;
    const isManifest = [apiVersion, kind, metadata?.name].every(word => typeof word === 'string' && word !== '') && metadata.name.length <= MAX_NAME;
    return { text, metadata, isManifest };
  }

  private annotated(object: ApiObject): any {
    const manifest = object.toJson();
    if (!this.annotations) {
      return manifest;
    }
    const { apiVersion, kind, metadata } = manifest;
    const annotations = this.annotations({ step: stepOf(object), apiVersion, kind, name: metadata?.name, text: JSON.stringify(manifest) });
    return Object.keys(annotations).length === 0 ? manifest
      : { ...manifest, metadata: { ...metadata, annotations: { ...annotations, ...metadata?.annotations } } };
  }
}

/** Whether two objects made of one manifest have the same metadata still; one that must be resolved first is the same as itself alone. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) {
    return true;
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return false;
  }
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every(key => key === 'apiObject' || isSame((a as any)[key], (b as any)[key]));
}
