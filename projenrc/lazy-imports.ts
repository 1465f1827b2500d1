/**
 * Makes the compiled index load the imported Istio types when they are first used: they are 70,000 lines, and most programs need their
 * types alone, which are gone by then.
 */
import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';

const INDEX = join(__dirname, '..', 'lib', 'src', 'index.js');
const EAGER = /^exports\.istio = (__importStar\(require\("\.\.\/imports\/install\.istio\.io"\)\));$/m;
/** Node reads the names that ES modules may import from the text: `exports.istio =` is one that it knows, a property with a getter is not. */
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
