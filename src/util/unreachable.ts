/** Has the compiler reject a `switch` over a union that misses one of its kinds. */
export function unreachable(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`);
}
