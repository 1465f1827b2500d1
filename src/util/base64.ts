/** The base64 of a text's UTF-8 bytes. */
export function toBase64(text: string): string {
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) {
    binary += String.fromCharCode(byte);
  }
  return btoa(binary);
}

/**
 * Decodes base64 or base64url to a UTF-8 text.
 *
 * As lenient as Node's `Buffer`: it ignores everything after the first `=`, and every character outside of both
 * alphabets. Bytes that are not UTF-8 become U+FFFD.
 */
export function fromBase64(base64: string): string {
  const [digits] = base64.replace(/[^A-Za-z0-9+/_=-]/g, '').replace(/-/g, '+').replace(/_/g, '/').split('=');
  const binary = atob(digits.length % 4 === 1 ? digits.slice(0, -1) : digits);
  const bytes = Uint8Array.from(binary, character => character.charCodeAt(0));
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
