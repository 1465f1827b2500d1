/** What a container of an image runs when its pod says no command, as whom, and with what beside its pod's environment. */
export interface Image {
  readonly entrypoint: readonly string[];
  readonly user: number;
  readonly env?: { readonly [name: string]: string };
}

/** The images that the lab has. The programs are the real ones, in /usr/local/bin; all else in a container is this machine's /usr. */
const IMAGES: { readonly [name: string]: Image } = {
  // Upstream's Envoy lacks the filters that Istio adds to its own.
  pilot: { entrypoint: ['pilot-discovery'], user: 1337, env: { PILOT_ENABLE_METADATA_EXCHANGE: 'false', PILOT_ENABLE_ALPN_FILTER: 'false' } },
  proxyv2: { entrypoint: ['pilot-agent'], user: 1337, env: { ISTIO_BOOTSTRAP: '/usr/local/bin/envoy_bootstrap_tmpl.json' } },
  node: { entrypoint: ['/node'], user: 1000 },
};

/** The image of a reference such as `registry.istio.io/testing/pilot:latest`. */
export function image(reference: string): Image {
  const name = reference.split('/').pop()!.split(/[:@]/)[0];
  const found = IMAGES[name];
  if (!found) {
    throw new Error(`the lab has no image '${reference}'; it has ${Object.keys(IMAGES).join(', ')}`);
  }
  return found;
}
