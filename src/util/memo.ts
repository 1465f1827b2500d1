/** Results of one function by their keys; those for objects are freed with their keys. */
interface Results {
  has(key: unknown): boolean;
  get(key: unknown): unknown;
  set(key: unknown, result: unknown): void;
}

/** Results of functions in one run, so that each is computed once for all clusters. */
export class Memo {
  private readonly results = new Map<unknown, Results>();
  private latest?: { readonly key: unknown; readonly result: unknown };

  /**
   * The result of a function, computed at the first call with a key.
   *
   * @param key an object, for every call with the function, or a text
   * @param others further arguments, which do not change the result for a key
   */
  once<Key, Others extends unknown[], Result>(
    compute: (key: Key, ...others: Others) => Result, key: Key, ...others: Others
  ): Result {
    const results = this.results.get(compute) ?? (typeof key === 'object' ? new WeakMap() : new Map());
    this.results.set(compute, results);
    if (!results.has(key)) {
      results.set(key, compute(key, ...others));
    }
    return results.get(key) as Result;
  }

  /** The result of the only function that is called with this method; only the latest one is kept, as it is large. */
  latestOf<Key, Result>(compute: (key: Key) => Result, key: Key): Result {
    if (this.latest?.key !== key) {
      this.latest = { key, result: compute(key) };
    }
    return this.latest!.result as Result;
  }
}
