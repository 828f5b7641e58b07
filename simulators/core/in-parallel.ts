/** Does `work` for every item, at most `most` at once; results in the order of the items. Rejects with the first failure, and begins no more. */
export const inParallel = async <T, R>(
  items: readonly T[],
  most: number,
  work: (item: T) => Promise<R>,
  progress: (done: number, all: number) => void = () => {},
): Promise<readonly R[]> => {
  const results: R[] = []
  const waiting = items.entries()
  let done = 0
  let failed = false
  const worker = async (): Promise<void> => {
    for (const [place, item] of waiting) {
      if (failed) return
      try {
        results[place] = await work(item)
      } catch (error) {
        failed = true
        throw error
      }
      done += 1
      progress(done, items.length)
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker))
  return results
}
