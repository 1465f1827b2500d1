import { accessSync, constants, readFileSync } from 'fs';
import { delimiter, join } from 'path';
import { run } from './lab/process';

/** The programs that the suite takes from the machine, each with the Debian package that has it. */
const PROGRAMS: { readonly [program: string]: string } = {
  'curl': 'curl',
  'ip': 'iproute2',
  'iptables-restore': 'iptables',
  'mount': 'mount',
  'nsenter': 'util-linux',
  'setpriv': 'util-linux',
  'sysctl': 'procps',
  'unshare': 'util-linux',
};

const OWN_DISK = '/dev/shm'; // which a scenario mounts its own disk over
const WATCHES = 64; // inotify instances of a scenario's proxies, all of one user

/** Why the suite can't run on this machine, so many scenarios at a time; empty when it can. */
export async function obstacles(jobs: number): Promise<readonly string[]> {
  if (process.platform !== 'linux') {
    return [`pods are network namespaces, which Linux has and ${process.platform} has not`];
  }
  const missing = Object.entries(PROGRAMS).filter(([program]) => !isOnPath(program));
  const isRoot = process.getuid!() === 0;
  const found = [
    ...isRoot ? [] : ['only root may make network namespaces; run it as root'],
    ...missing.map(([program, pack]) => `there is no program '${program}'; Debian has it in the package ${pack}`),
    ...[__dirname, process.execPath].filter(path => path.startsWith(`${OWN_DISK}/`))
      .map(path => `${path} is below ${OWN_DISK}, which scenarios do not see; move it`),
  ];
  return found.length > 0 ? found : [...await namespaceProblem(), ...watchProblem(jobs)];
}

async function namespaceProblem(): Promise<string[]> {
  return run('unshare', ['--fork', '--pid', '--mount', '--net', '--ipc', 'true']).then(() => [], () => [
    'this root may not make namespaces, as in a container without privileges; run it on a machine, or in a privileged '
      + 'container',
  ]);
}

function watchProblem(jobs: number): string[] {
  const limit = Number(readFileSync('/proc/sys/fs/inotify/max_user_instances', 'utf-8'));
  return limit >= jobs * WATCHES ? []
    : [`the proxies of ${jobs} scenarios need ${jobs * WATCHES} inotify instances, and a user has ${limit}; run sysctl `
      + `fs.inotify.max_user_instances=${jobs * WATCHES}, or fewer --jobs`];
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some(directory => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
