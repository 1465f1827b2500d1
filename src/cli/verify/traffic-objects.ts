/** Settings of the objects that send and answer requests. */
export interface TrafficOptions {
  /** Namespace of HelloWorld, which exposedServices must cover. */
  readonly namespace: string;
  readonly serverImage: string;
  readonly clientImage: string;
  readonly timeoutSeconds: number;
}

/** Name of the Service and of the Deployment that answer requests. */
export const SERVER = 'helloworld';

/** Name of the pod that sends requests. */
export const CLIENT = 'helloworld-client';

const PORT = 5000;

const ROUNDS = 12;

/** Requests in a round, with which all versions usually answer at least once; the client stops as soon as all have. */
function requestsPerRound(versions: number): number {
  return Math.max(50, Math.ceil(versions * (Math.log(versions) + 3)));
}

/** The termination message of the client: Kubernetes shows this file in the status of the pod. */
const MESSAGE_FILE = '/tmp/responses';

/** Responses of the current round; they are dropped if the time ends within the round. */
const ROUND_FILE = '/tmp/round';

/**
 * Sends requests until every version has answered.
 *
 * `$0` is the URL, `$1` the number of versions, `$2` the number of requests in a round, and `$3` the time in seconds.
 * The counts of the last round become the termination message, so that `kubectl exec` is not needed to read them.
 */
const CLIENT_SCRIPT = `
end=$(($(date +%s) + $3))
for round in $(seq ${ROUNDS}); do
  for request in $(seq "$2"); do
    answer=$(curl -sS -m 5 "$0" 2>&1 | head -n 1 | cut -c 1-200)
    case "$answer" in 'Hello version: '*) echo "\${answer%%,*}" ;; *) echo "failed: $answer" ;; esac
    if [ "$(date +%s)" -ge "$end" ]; then break; fi
  done | sort | uniq -c > ${ROUND_FILE}
  if [ "$(date +%s)" -lt "$end" ] || [ ! -s ${MESSAGE_FILE} ]; then cat ${ROUND_FILE} > ${MESSAGE_FILE}; fi
  if [ "$(grep -c 'Hello version' ${MESSAGE_FILE})" = "$1" ] && ! grep -q failed ${MESSAGE_FILE}; then break; fi
  if [ "$(date +%s)" -ge "$end" ]; then break; fi
  sleep 2
done`;

/** HelloWorld with a version. */
export function serverObjects(version: string, { namespace, serverImage }: TrafficOptions): object[] {
  const metadata = { name: SERVER, namespace };
  const labels = { app: SERVER };
  const container = {
    name: SERVER,
    image: serverImage,
    env: [{ name: 'SERVICE_VERSION', value: version }],
    ports: [{ containerPort: PORT }],
  };
  const template = { metadata: { labels }, spec: { containers: [container] } };
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ name: 'http', port: PORT }] },
    },
    // A connection through a gateway stays with one pod: with a connection for each request, every cluster gets some.
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata,
      spec: {
        host: SERVER, // a short name works with any clusterDomain
        trafficPolicy: { connectionPool: { http: { maxRequestsPerConnection: 1 } } },
      },
    },
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { selector: { matchLabels: labels }, template } },
  ];
}

/** A pod that sends requests until each of a number of versions has answered. */
export function clientPod(versions: number, { namespace, clientImage, timeoutSeconds }: TrafficOptions): object {
  const url = `http://${SERVER}.${namespace}:${PORT}/hello`;
  const args = [url, String(versions), String(requestsPerRound(versions)), String(timeoutSeconds)];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: CLIENT,
      namespace,
      annotations: { 'proxy.istio.io/config': 'holdApplicationUntilProxyStarts: true' },
    },
    spec: {
      restartPolicy: 'Never',
      containers: [{
        name: CLIENT,
        image: clientImage,
        command: ['sh', '-c', CLIENT_SCRIPT, ...args],
        terminationMessagePath: MESSAGE_FILE,
      }],
    },
  };
}

/** The responses that a client received. */
export interface Responses {
  /** Number of responses of each version. */
  readonly versions: ReadonlyMap<string, number>;
  /** Number of failed requests. */
  readonly failures: number;
  /** Reasons of failures, each once. */
  readonly reasons: readonly string[];
}

/** The responses in the termination message of a client. */
export function parseResponses(message: string): Responses {
  const lines = [...message.matchAll(/^ *(\d+) (Hello version: (v\d+)|failed: (.*))$/gm)]
    .map(([, count, , version, reason]) => ({ count: Number(count), version, reason }));
  const failed = lines.filter(({ version }) => version === undefined);
  const answered = lines.filter(({ version }) => version !== undefined);
  return {
    versions: new Map(answered.map(({ version, count }) => [version, count])),
    failures: failed.reduce((sum, { count }) => sum + count, 0),
    reasons: failed.map(({ reason }) => reason),
  };
}
