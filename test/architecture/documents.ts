import { posix } from 'node:path'
import type { Tree } from './source-tree.ts'

const withoutCode = (text: string): string => text.replaceAll(/```[\s\S]*?```/g, '').replaceAll(/`[^`\n]*`/g, '')

/** The name a heading gets when it is linked to. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-')

const anchorsOf = (text: string): ReadonlySet<string> =>
  new Set([...text.matchAll(/^#{1,6} (.+)$/gm)].map((match) => anchorOf(match[1] ?? '')))

/** Links between our documents, and to our files, that lead nowhere. */
export const deadLinks = (tree: Tree, files: ReadonlySet<string>): readonly string[] =>
  [...tree]
    .filter(([path]) => path.endsWith('.md'))
    .flatMap(([path, text]) =>
      [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)].flatMap((match) => {
        const link = match[1] ?? match[2] ?? ''
        if (/^[a-z]+:/.test(link)) return []
        const [file = '', anchor] = link.split('#')
        const target = file === '' ? path : posix.join(posix.dirname(path), file)
        const isFolder = [...files].some((known) => known.startsWith(`${target.replace(/\/$/, '')}/`))
        if (!files.has(target) && !isFolder) return [`${path}: ${link}`]
        const missing = anchor !== undefined && !anchorsOf(tree.get(target) ?? '').has(anchor)
        return missing ? [`${path}: ${link}`] : []
      }),
    )

/** Only what is set as code is a command; "an npm script" in prose is not. */
const codeOf = (path: string, text: string): string =>
  path.endsWith('.md') ? [...text.matchAll(/```[\s\S]*?```|`[^`\n]*`/g)].map(([code]) => code).join('\n') : text

const npmOwn = new Set(['ci', 'install'])

/** npm commands in the documents that package.json does not know. */
export const unknownCommands = (tree: Tree, scripts: Readonly<Record<string, string>>): readonly string[] =>
  [...tree]
    .filter(([path]) => path.endsWith('.md') || path === '.ci/run')
    .flatMap(([path, text]) =>
      [...codeOf(path, text).matchAll(/\bnpm (?:-s |--silent )?(run(?: -s| --silent)? )?([a-z][\w:-]*)/g)]
        .filter(([, run, name = '']) =>
          run === undefined ? !npmOwn.has(name) && !['start', 'test'].includes(name) : !(name in scripts),
        )
        .map(([command]) => `${path}: ${command}`),
    )
