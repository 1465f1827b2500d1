import { isScalar } from 'yaml';
import { documentsIn } from './kubernetes-yaml';

/** Words that kubectl, istioctl and Helm, written in Go, take for numbers: with prefixes of either case, and `_` anywhere. */
export const GO_NUMBER = /^[-+]?(0[xX][\da-fA-F_]+|0[oO]?[0-7_]+|0[bB][01_]+|[\d_]+(\.[\d_]*)?([eE][-+]?[\d_]+)?|\.[\d_]+([eE][-+]?[\d_]+)?)$/;

/** Whether text is the same text where a template writes it without quotes, as Istio's charts do: `no`, `007` and `null` are not. */
export function isPlainText(text: string): boolean {
  const [document] = documentsIn(text);
  return !GO_NUMBER.test(text) && isScalar(document?.contents) && document.errors.length === 0 && document.contents.value === text;
}

/** What Go's `strconv` takes for a number or a bool. */
const STRCONV = /^([-+]?(\d[\d_]*(\.[\d_]*)?|\.\d[\d_]*)(e[-+]?\d[\d_]*)?|[-+]?0x[\da-f_.]+p[-+]?\d+|[-+]?inf(inity)?|nan|t(rue)?|f(alse)?)$/i;

/** Whether istioctl, which hands some settings on as text without quotes, has the same text afterwards: `007`, `t` and `nan` it has not. */
export function isTextToIstioctl(text: string): boolean {
  return !STRCONV.test(text);
}
