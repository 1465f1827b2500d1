import { isScalar } from 'yaml';
import { documentsIn } from './kubernetes-yaml';

const GO_INTEGER = /0[xX][\da-fA-F_]+|0[oO]?[0-7_]+|0[bB][01_]+/;
const GO_FLOAT = /[\d_]+(\.[\d_]*)?([eE][-+]?[\d_]+)?|\.[\d_]+([eE][-+]?[\d_]+)?/;

/** Words that programs written in Go read as numbers: with prefixes of either case, and `_` anywhere. */
export const GO_NUMBER = new RegExp(`^[-+]?(${GO_INTEGER.source}|${GO_FLOAT.source})$`);

/** Whether text stays the same if a template writes it without quotes, as Istio's charts do: `no` and `007` do not. */
export function isPlainText(text: string): boolean {
  const [document] = documentsIn(text);
  const isSame = isScalar(document?.contents) && document.contents.value === text;
  return isSame && document.errors.length === 0 && !GO_NUMBER.test(text);
}

const STRCONV_NUMBER = /[-+]?(\d[\d_]*(\.[\d_]*)?|\.\d[\d_]*)(e[-+]?\d[\d_]*)?|[-+]?0x[\da-f_.]+p[-+]?\d+/;
const STRCONV_WORD = /[-+]?inf(inity)?|nan|t(rue)?|f(alse)?/;

/** Words that Go's `strconv` parses as numbers or booleans. */
const STRCONV = new RegExp(`^(${STRCONV_NUMBER.source}|${STRCONV_WORD.source})$`, 'i');

/** Whether text stays the same in settings that istioctl passes on without quotes: `007`, `t` and `nan` do not. */
export function isTextToIstioctl(text: string): boolean {
  return !STRCONV.test(text);
}
