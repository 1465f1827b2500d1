import type { Command } from 'commander';
import { clusterCommand, jsonText, FAILURE, wholeNumber } from '../arguments';

interface VerifyArguments {
  readonly output: string;
  readonly traffic?: boolean;
  readonly timeout: number;
  readonly namespace: string;
  readonly serverImage: string;
  readonly clientImage: string;
}

const DESCRIPTION = 'check the current state of every cluster and every directed link, '
  + 'and print a matrix with a fix for each failed check';

/** `istio-mesh verify`. */
export function verifyCommand(): Command {
  return clusterCommand('verify', DESCRIPTION)
    .option('--traffic', 'also run HelloWorld in every cluster, send requests from each cluster, and remove it again')
    .option('--namespace <name>', 'namespace of HelloWorld, which exposedServices must cover', 'istio-mesh-verify')
    .option('--server-image <image>', 'image of HelloWorld', 'registry.istio.io/release/examples-helloworld-v1:1.0')
    .option('--client-image <image>', 'image with a shell and curl', 'docker.io/curlimages/curl:8.16.0')
    .option('--timeout <seconds>', 'how long to wait for a pod', wholeNumber, 120)
    .action(async (file: string, { output, traffic, timeout, ...options }: VerifyArguments) => {
      const { colours } = await import('../../util/host/terminal.js');
      const { loadMesh } = await import('../load-mesh.js');
      const { matrix } = await import('./matrix.js');
      const { TrafficProbe } = await import('./traffic.js');
      const { isFailed, verifyMesh } = await import('./verification.js');
      const { whileWaiting } = await import('../../util/host/waiting.js');
      const mesh = loadMesh(file);
      const probe = new TrafficProbe(mesh, { ...options, timeoutSeconds: timeout });
      const results = await verifyMesh(mesh);
      if (traffic) {
        results.push(...await whileWaiting('sending requests between the clusters', () => probe.run()));
      }
      process.stdout.write(output === 'text' ? matrix(results, colours(process.stdout)) : jsonText(results));
      process.exitCode = results.some(isFailed) ? FAILURE : 0;
    });
}
