import type { ApiObject } from 'cdk8s';
import type { RenderedObject } from './rendered-objects';
import { type StepObject, stepOf } from '../core/step';
import type { Annotations, DeliveredObject } from '../settings/git-ops/delivery';
import { toYaml, withAnnotations } from '../util/yaml-text';

/** The text of an object, and the metadata from which its file gets its name. */
export interface ManifestText {
  readonly text: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  /** Whether the object is still a valid manifest after its patches. */
  readonly isManifest: boolean;
}

/** Maximum length of an object name, for every kind. */
const MAX_NAME = 253;

/** The texts of objects; equal objects share one, such as the remote secret for a cluster in each of its peers. */
export class ManifestTexts {
  private readonly texts = new Map<string, string>();
  private readonly firstObjects = new WeakMap<object, { readonly object: ApiObject; readonly text: ManifestText }>();

  /** @param annotations returns the annotations that the GitOps tool needs at an object */
  constructor(private readonly annotations?: (object: DeliveredObject) => Annotations) {}

  of(object: ApiObject): ManifestText {
    const manifest = (object as Partial<StepObject>).unpatchedManifest;
    if (!manifest) {
      return this.textOf(object);
    }
    const first = this.firstObjects.get(manifest);
    if (first && isSame(first.object.metadata, object.metadata)) {
      return first.text;
    }
    const text = this.textOf(object);
    if (!first) {
      this.firstObjects.set(manifest, { object, text });
    }
    return text;
  }

  /** The text of a rendered object, unchanged except for annotations. */
  ofRendered({ text, step, apiVersion, kind, metadata: { name } }: RenderedObject): string {
    return this.annotations ? withAnnotations(text, this.annotations({ step, apiVersion, kind, name, text })) : text;
  }

  private textOf(object: ApiObject): ManifestText {
    const manifest = this.annotated(object);
    const key = JSON.stringify(manifest);
    const text = this.texts.get(key) ?? toYaml(manifest);
    this.texts.set(key, text);
    const { apiVersion, kind, metadata } = manifest;
    const hasStrings = [apiVersion, kind, metadata?.name].every(value => typeof value === 'string' && value !== '');
    return { text, metadata, isManifest: hasStrings && metadata.name.length <= MAX_NAME };
  }

  private annotated(object: ApiObject): any {
    const manifest = object.toJson();
    if (!this.annotations) {
      return manifest;
    }
    const { apiVersion, kind, metadata } = manifest;
    const text = JSON.stringify(manifest);
    const annotations = this.annotations({ step: stepOf(object), apiVersion, kind, name: metadata?.name, text });
    return Object.keys(annotations).length === 0 ? manifest
      : { ...manifest, metadata: { ...metadata, annotations: { ...annotations, ...metadata?.annotations } } };
  }
}

/** Whether metadata is equal without resolving it: a token such as a Lazy is equal only to itself. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return a === b;
  }
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length
    && keys.every(key => key === 'apiObject' || isSame(Reflect.get(a, key), Reflect.get(b, key)));
}
