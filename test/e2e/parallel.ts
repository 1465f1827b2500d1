/** The results in the order of the items, so many at a time. */
export async function inParallel<T, R>(
  count: number, items: readonly T[], action: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = [...items.entries()];
  await Promise.all(Array.from({ length: count }, async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      results[next[0]] = await action(next[1]);
    }
  }));
  return results;
}
