import { mkdir, open, readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { readHead, writtenHead } from '#domain/audit/head.ts'
import type { SignedHead } from '#domain/audit/head.ts'
import type { HeadCopy } from '#server/core/audit-heads.ts'

/** A file of heads, one a line, newest last; lines that are none are left out. Empty if there is no such file. */
export const readHeadFile = async (file: string): Promise<readonly SignedHead[]> => {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  })
  return text.split('\n').flatMap((line) => readHead(line) ?? [])
}

/** Appends each head to `file`, on disk when resolved. `dataDir`: a copy on the same disk proves less, and says so. */
export const headFile = (file: string, dataDir: string): HeadCopy => ({
  name: file,
  isAway: async () => (await stat(dirname(file))).dev !== (await stat(dataDir)).dev,
  put: async (head) => {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await using handle = await open(file, 'a', 0o600)
    await handle.writeFile(`${writtenHead(head)}\n`)
    await handle.sync()
  },
  kept: () => readHeadFile(file),
})
