import { rmSync } from 'fs';
import { join } from 'path';

/** Removes the compiled command line; Jest calls it after the tests. */
export default function removeCli(): void {
  rmSync(join(process.env.ISTIO_MESH_CLI!, '..', '..', '..'), { recursive: true, force: true });
}
