/**
 * Changes the compiled index so that it loads the imported Istio types when they are first used.
 *
 * They have 70,000 lines, and most programs only need the types, which do not exist at run time.
 */
import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';

const INDEX = join(__dirname, '..', 'lib', 'src', 'index.js');
const EAGER = /^exports\.istio = (__importStar\(require\("\.\.\/imports\/install\.istio\.io"\)\));$/m;
/** Node finds the names that ES modules may import in the text: it recognizes `exports.istio =`, but not a getter. */
const LAZY = `exports.istio = undefined;
Reflect.defineProperty(exports, "istio", { enumerable: true, configurable: true, get: () => {
    const value = $1;
    Reflect.defineProperty(exports, "istio", { enumerable: true, value });
    return value;
} });`;

const index = readFileSync(INDEX, 'utf-8');
if (!EAGER.test(index)) {
  throw new Error(`${INDEX} does not load the imported types in the way that this script knows`);
}
writeFileSync(INDEX, index.replace(EAGER, LAZY));
