/** JSON, of which nothing is known. */
export type Json = { [key: string]: any };

/** A schema of a CRD as JSON Schema: what a CRD leaves open is open, what it lists is all there is. */
export function ofCrd(schema: Json): Json {
  if (schema['x-kubernetes-int-or-string']) {
    return { type: ['integer', 'string'] };
  }
  if (schema.properties) {
    const open = schema['x-kubernetes-preserve-unknown-fields'] === true;
    return {
      type: 'object',
      properties:
        Object.fromEntries(Object.entries<Json>(schema.properties).map(([key, value]) => [key, ofCrd(value)])),
      ...open ? {} : { additionalProperties: false },
    };
  }
  if (schema['x-kubernetes-preserve-unknown-fields']) {
    return schema.type ? { type: schema.type } : {};
  }
  return {
    ...schema.type && { type: schema.type },
    ...schema.enum && { enum: schema.enum },
    ...schema.items && { items: ofCrd(schema.items) },
    ...schema.additionalProperties && { additionalProperties: ofCrd(schema.additionalProperties) },
  };
}
