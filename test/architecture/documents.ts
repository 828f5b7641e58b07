import { posix } from 'node:path'
import { parseSync } from 'oxc-parser'
import { isCode } from './source-tree.ts'
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

/** Numbers as people write them: `2`, `2.1`, `4 and 5`, `1 to 3 and 7`. */
const number = String.raw`\d+(?:\.\d+)?`
const numbers = String.raw`${number}(?:(?:, | and | to )${number})*`
const page = String.raw`(?<![\w./-])(?:\.\.?/)*((?:[\w-]+/)*[\w-]+\.md)`
const after = new RegExp(
  String.raw`${page}\)?(?:,? (?:sections? )?(${numbers}))?(?:,? rules? (${numbers}))?(?:,? "([^"\n]+)")?`,
  'g',
)
const before = new RegExp(String.raw`[Ss]ections? (${numbers}) of ${page}`, 'g')

const numbersOf = (text: string): readonly string[] =>
  [...text.matchAll(new RegExp(String.raw`(${number}) to (${number})|(${number})`, 'g'))].flatMap(
    ([, from, to, one = '']) =>
      from === undefined
        ? [one]
        : Array.from({ length: Number(to) - Number(from) + 1 }, (_, n) => `${Number(from) + n}`),
  )

/** Text of a numbered section with its subsections, or null. */
const sectionOf = (document: string, section: string): string | null => {
  const heading = new RegExp(String.raw`^(#{2,4}) ${section.replace('.', String.raw`\.`)}\.? .*$`, 'm').exec(document)
  if (heading === null) return null
  const rest = document.slice(heading.index + heading[0].length)
  const end = rest.search(new RegExp(`^#{1,${heading[1]?.length ?? 2}} `, 'm'))
  return end === -1 ? rest : rest.slice(0, end)
}

const hasRule = (text: string, rule: string): boolean => new RegExp(String.raw`^ *${rule}\. `, 'm').test(text)

interface Citation {
  readonly words: string
  readonly page: string
  readonly sections: readonly string[]
  readonly rules: readonly string[]
  readonly heading: string | null
}

const citationsOf = (text: string): readonly Citation[] => {
  // A citation may go on behind a line break and the mark of a comment.
  const flat = text.replaceAll(/\n[ \t]*(?:\/\/|\*(?!\/))?[ \t]*/g, ' ')
  return [
    ...[...flat.matchAll(after)].map(([words, cited = '', sections = '', rules = '', heading]) => ({
      words,
      page: cited,
      sections: numbersOf(sections),
      rules: numbersOf(rules),
      heading: heading ?? null,
    })),
    ...[...flat.matchAll(before)].map(([words, sections = '', cited = '']) => ({
      words,
      page: cited,
      sections: numbersOf(sections),
      rules: [],
      heading: null,
    })),
  ]
}

const isSound = (tree: Tree, { page: cited, sections, rules, heading }: Citation): boolean => {
  const name = cited.replace(/^docs\//, '')
  const document = tree.get(`docs/${name}`) ?? tree.get(`docs/protocols/${name}`)
  if (document === undefined) return false
  const texts = sections.length === 0 ? [document] : sections.map((section) => sectionOf(document, section))
  return (
    texts.every((text) => text !== null) &&
    rules.every((rule) => texts.some((text) => text !== null && hasRule(text, rule))) &&
    (heading === null || anchorsOf(document).has(anchorOf(heading)))
  )
}

/** This check and its planted cases name what they look for. */
const ownFiles = /^test\/architecture\/documents(\.test)?\.ts$/

/**
 * Citations such as `reliability.md 3 rule 7` whose page, section or rule is not in docs/. In code every page that a comment
 * names counts; in documents, whose links are checked by themselves, only those with a number.
 */
export const badCitations = (tree: Tree): readonly string[] =>
  [...tree]
    .filter(([path]) => !ownFiles.test(path) && /\.(?:[cm]?[jt]sx?|css|md)$/.test(path))
    .flatMap(([path, text]) => {
      const numbered = citationsOf(text).filter(
        ({ sections, rules, heading }) => sections.length + rules.length > 0 || heading !== null,
      )
      const bare = path.endsWith('.md') ? [] : commentsOf(path, text).flatMap(citationsOf)
      const bad = [...numbered, ...bare.filter((citation) => !isNear(tree, path, citation.page))]
        .filter((citation) => !isSound(tree, citation))
        .map(({ words }) => `${path}: ${words}`)
      return [...new Set(bad)]
    })

/** A README of the same folder, or a page at the root. */
const isNear = (tree: Tree, path: string, cited: string): boolean =>
  tree.has(posix.join(posix.dirname(path), cited)) || tree.has(cited)

const commentsOf = (path: string, text: string): readonly string[] =>
  isCode(path)
    ? parseSync(path, text).comments.map(({ value }) => value)
    : [...text.matchAll(/\/\*[\s\S]*?\*\//g)].map(([comment]) => comment)
