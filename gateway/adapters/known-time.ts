import { open, readFile, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'

/**
 * A time that is certainly past: the newest that was noted here while something vouched for it, and the newest of the program's own
 * `files`. Files of the outbox do not count: a clock that once ran ahead stamped them. ms since the epoch; 0 when nothing is known.
 */
export const readKnownTime = async (notePath: string, files: readonly string[]): Promise<number> => {
  const noted = await readFile(notePath, 'utf8')
    .then((text) => z.object({ knownTime: z.int().nonnegative() }).parse(JSON.parse(text)).knownTime)
    .catch(() => 0)
  const times = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ mtimeMs }) => Math.floor(mtimeMs),
        () => 0,
      ),
    ),
  )
  return Math.max(noted, ...times)
}

/** Whole or not at all. Replaces a later time too: what vouches now knows better. */
export const noteKnownTime = async (notePath: string, at: number): Promise<void> => {
  const aside = `${notePath}.new`
  await using file = await open(aside, 'w', 0o600)
  await file.writeFile(`${JSON.stringify({ knownTime: Math.floor(at) })}\n`)
  await file.sync()
  await rename(aside, notePath)
  await using folder = await open(dirname(notePath), 'r')
  await folder.sync()
}
