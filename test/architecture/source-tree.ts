import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Folders that hold nothing we wrote. */
const foreign = new Set(['node_modules', '.git', 'data', 'coverage', 'dist'])

const walk = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (foreign.has(entry.name)) return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return walk(path)
    return entry.isFile() ? [relative(root, path).split(sep).join('/')] : []
  })

/** Path below the root → text, or null for a file that is not read. */
export type Tree = ReadonlyMap<string, string>

export const isCode = (path: string): boolean => /\.[cm]?[jt]sx?$/.test(path)
const isText = (path: string): boolean =>
  isCode(path) ||
  /\.(md|json|ya?ml|html|css|svg|service|conf|env|example|sh|txt|hex)$/.test(path) ||
  !/\.\w+$/.test(path)

/** Every text file of the repository except the lock file and the licence, which others wrote. */
export const readTree = (): Tree =>
  new Map(
    walk(root)
      .filter((path) => isText(path) && path !== 'package-lock.json' && path !== 'LICENSE')
      .map((path) => [path, readFileSync(join(root, path), 'utf8')]),
  )

/** Every file's path, pictures and the like too. */
export const listFiles = (): ReadonlySet<string> => new Set(walk(root))

export const readText = (path: string): string => readFileSync(join(root, path), 'utf8')
