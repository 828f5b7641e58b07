import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Plugin } from 'vite'

const worker = 'push-worker.js'

interface ShellFiles {
  readonly revision: string
  readonly files: readonly string[]
}

/** A build changes when one of its files does: browsers then fetch the service worker anew, and it the files. */
export const shellFiles = (built: ReadonlyMap<string, string | Uint8Array>): ShellFiles => {
  const names = [...built.keys()].filter((name) => name !== worker).toSorted()
  const hash = createHash('sha256')
  for (const name of names) hash.update(name).update(built.get(name) ?? '')
  return {
    revision: hash.digest('hex').slice(0, 12),
    files: names.map((name) => (name === 'index.html' ? '/' : `/${name}`)),
  }
}

const builtFiles = (dist: string): ReadonlyMap<string, Uint8Array> =>
  new Map(
    readdirSync(dist, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(dist, path).replaceAll('\\', '/'), readFileSync(path)]),
  )

/** Tells the service worker which files are the page, as its own first line. */
export const shellList = (): Plugin => ({
  name: 'shell-list',
  apply: 'build',
  writeBundle: ({ dir = '' }) => {
    const script = join(dir, worker)
    const list = JSON.stringify(shellFiles(builtFiles(dir)))
    writeFileSync(script, `globalThis.shellFiles=${list}\n${readFileSync(script, 'utf8')}`)
  },
})
