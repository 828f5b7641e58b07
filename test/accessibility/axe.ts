import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { pinned } from './pinned.ts'
import type { Pin } from './pinned.ts'

/** WCAG 2.2 AA (the last tag turns target sizes on) and what axe's authors hold to be good practice. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] as const

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** One element that breaks a rule, or of which axe cannot say. */
export interface Finding {
  readonly rule: string
  /** Why axe cannot say; empty for a violation. */
  readonly key: string
  readonly target: string
  readonly html: string
  readonly why: string
  /** Of a text whose ground axe could not find: its contrast by its own style, as a share of what it needs; null: not known. */
  readonly share: number | null
}

export interface Verdict {
  readonly violations: readonly Finding[]
  /** What axe could not judge and nobody has looked at yet. */
  readonly unreviewed: readonly Finding[]
  /** Which reviewed cases it met. */
  readonly met: ReadonlySet<Pin>
  /** How many elements the page has. */
  readonly elements: number
}

// Where something lies over or under a text, axe cannot say on what it stands; mostly it is scrolled under a bar. Its own style can: the
// nearest opaque ground of its ancestors, and every colour of a pattern between.
const ownContrast = `(element) => {
  const parts = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number)
  const light = (colour) => {
    const [red, green, blue] = parts(colour).map((value) => {
      const share = value / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const ratio = (a, b) => {
    const [low, high] = [light(a), light(b)].sort((x, y) => x - y)
    return (high + 0.05) / (low + 0.05)
  }
  const style = getComputedStyle(element)
  const grounds = []
  for (let at = element; at !== null; at = at.parentElement) {
    const { backgroundColor, backgroundImage } = getComputedStyle(at)
    grounds.push(...(backgroundImage.match(/rgba?\\([^)]*\\)/g) ?? []).filter((colour) => (parts(colour)[3] ?? 1) === 1))
    const alpha = parts(backgroundColor)[3] ?? 1
    if (alpha === 1) { grounds.push(backgroundColor); break }
    if (alpha !== 0) return null
  }
  const size = Number.parseFloat(style.fontSize)
  const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5
  return grounds.length === 0 ? null : Math.min(...grounds.map((ground) => ratio(style.color, ground))) / needed
}`

const script = `axe.run(document, { runOnly: ${JSON.stringify(tags)}, resultTypes: ['violations', 'incomplete'], elementRef: true }).then((result) => {
  const contrast = ${ownContrast}
  const found = (rules) => rules.flatMap((rule) => rule.nodes.map((node) => {
    const checks = [...node.any, ...node.all, ...node.none]
    return {
      rule: rule.id,
      key: checks.map((check) => check.data?.messageKey ?? '').filter((key) => key !== '').join(' '),
      target: node.target.flat().join(' '),
      html: node.html.slice(0, 160),
      why: checks.map((check) => check.message).join('; '),
      share: rule.id === 'color-contrast' ? contrast(node.element) : null,
    }
  }))
  return JSON.stringify({ violations: found(result.violations), incomplete: found(result.incomplete), elements: document.body.querySelectorAll('*').length })
})`

interface Told {
  readonly violations: readonly Finding[]
  readonly incomplete: readonly Finding[]
  readonly elements: number
}

const looksAgain = 4

const looked = async (page: Page): Promise<Verdict> => {
  const { violations, incomplete, elements } = JSON.parse(await page.evaluate<string>(script)) as Told
  const met = new Set<Pin>()
  const unreviewed = incomplete.filter((finding) => {
    if (finding.share !== null && finding.share >= 1) return false
    const pin = pinned.find(
      (one) => one.rule === finding.rule && one.key === finding.key && one.html.test(finding.html),
    )
    if (pin !== undefined) met.add(pin)
    return pin === undefined
  })
  return { violations, unreviewed, met, elements }
}

/**
 * The page as it is now, by the rules of axe-core. What changes under axe – the order of headings, a row that grows after another size –
 * it cannot judge, and is asked again.
 */
export const judge = async (page: Page): Promise<Verdict> => {
  // as debuggers do: the page's own policy allows no foreign script
  if (!(await page.evaluate<boolean>(`'axe' in window`))) await page.evaluate(`${source}\nnull`)
  for (let look = 1; ; look++) {
    const verdict = await looked(page)
    if (look === looksAgain || verdict.unreviewed.length === 0) return verdict
  }
}

export const wordsOf = ({ rule, key, target, html, why, share }: Finding): string =>
  `${rule}${key === '' ? '' : ` (${key})`} at ${target}: ${html} – ${why}${share === null ? '' : ` (own contrast: ${share.toFixed(2)} of what it needs)`}`
