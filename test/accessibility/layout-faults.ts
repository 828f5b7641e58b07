import type { Page } from 'playwright-core'

// What no rule of axe-core sees: text that lies over other text, is cut off or runs out of the window, and controls too small to hit.

const tools = `
  const root = document.querySelector('dialog[open]') ?? document.body
  // Boxes of a pixel are for those who listen.
  const isHeardOnly = (element) => { for (let at = element; at !== null; at = at.parentElement) if (at.clientWidth <= 1 && at.clientHeight <= 1 && getComputedStyle(at).overflow !== 'visible') return true; return false }
  const isShown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true }) && !isHeardOnly(element)
  const cached = (of) => { const known = new Map(); return (element) => { if (!known.has(element)) known.set(element, of(element)); return known.get(element) } }
  // Where one can scroll or where a bar lies over the page, text may lie over text.
  const layerOf = cached((element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const { position } = getComputedStyle(at)
      if (position === 'fixed' || position === 'sticky' || at.matches('dialog, .menu-panel, .queue-slot')) return at
    }
    return document.body
  })
  const clipOf = cached((element) => {
    if (element === null || element === document.body) return { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity }
    const outer = clipOf(element.parentElement)
    if (getComputedStyle(element).overflow === 'visible') return outer
    const box = element.getBoundingClientRect()
    return { left: Math.max(outer.left, box.left), top: Math.max(outer.top, box.top), right: Math.min(outer.right, box.right), bottom: Math.min(outer.bottom, box.bottom) }
  })
  const within = (rect, element) => {
    const clip = clipOf(element)
    const [left, top, right, bottom] = [Math.max(rect.left, clip.left), Math.max(rect.top, clip.top), Math.min(rect.right, clip.right), Math.min(rect.bottom, clip.bottom)]
    return right - left > 1 && bottom - top > 1 ? { left, top, right, bottom } : null
  }
  const nameOf = (element) => element.tagName.toLowerCase() + (element.className && typeof element.className === 'string' ? '.' + element.className.trim().replaceAll(/\\s+/g, '.') : '')
  const texts = () => {
    const boxes = []
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const node = walker.currentNode
      const element = node.parentElement
      if (node.data.trim() === '' || element === null || !isShown(element)) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      for (const rect of range.getClientRects()) {
        const seen = within(rect, element)
        if (seen !== null) boxes.push({ ...seen, element, layer: layerOf(element), text: node.data.trim().slice(0, 40) })
      }
    }
    return boxes
  }
  const found = new Set()
  const quoted = ({ text, element }) => '"' + text + '" (' + nameOf(element) + ')'
`

/** Pairs of texts that lie over each other; lines of type reach a little into each other by their own height. */
const overlaps = `
  boxes.sort((a, b) => a.top - b.top)
  for (const [at, a] of boxes.entries())
    for (let next = at + 1; next < boxes.length && boxes[next].top < a.bottom; next++) {
      const b = boxes[next]
      if (a.element === b.element || a.layer !== b.layer) continue
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left)
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
      if (wide > 2 && high > 6) found.add(quoted(a) + ' over ' + quoted(b))
    }
`

/** Text that ends in dots, or in a box that hides what does not fit. A select has no second line: its list shows all of it. */
const cutOff = `
  for (const element of root.querySelectorAll('*')) {
    if (element.matches('select, option, svg *') || element.textContent.trim() === '' || !isShown(element)) continue
    const { overflowX, overflowY, textOverflow } = getComputedStyle(element)
    const hides = (way) => way === 'hidden' || way === 'clip'
    if (textOverflow !== 'clip') found.add(nameOf(element) + ' would end in ' + textOverflow)
    if (hides(overflowX) && element.scrollWidth > element.clientWidth + 1) found.add(nameOf(element) + ' hides ' + (element.scrollWidth - element.clientWidth) + ' px of its width')
    if (hides(overflowY) && element.scrollHeight > element.clientHeight + 2) found.add(nameOf(element) + ' hides ' + (element.scrollHeight - element.clientHeight) + ' px of its height')
  }
`

/** What stands outside of the window with nothing to scroll it by; a table may scroll inside its own box. */
const outside = `
  const width = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth > width) found.add('the page is ' + document.documentElement.scrollWidth + ' px wide in a window of ' + width)
  for (const box of boxes)
    if (box.left < -1 || box.right > width + 1) found.add(quoted(box) + ' from ' + Math.round(box.left) + ' to ' + Math.round(box.right) + ' of ' + width)
`

/** Controls that are smaller than `px` both in their own box and in that of their label. */
const smallTargets = (px: number): string => `
  for (const control of root.querySelectorAll('button, a.btn, nav a, summary, select, input, textarea, [role=button]')) {
    if (!isShown(control) || control.matches(':disabled')) continue
    const boxes = [control, control.closest('label')].flatMap((one) => one === null ? [] : one.getBoundingClientRect())
    if (boxes.some(({ width, height }) => width >= ${px} - 0.5 && height >= ${px} - 0.5)) continue
    const { width, height } = control.getBoundingClientRect()
    found.add(nameOf(control) + (control.type ? '[' + control.type + ']' : '') + ' "' + (control.ariaLabel ?? control.textContent).trim().slice(0, 30) + '" is ' + Math.round(width) + ' × ' + Math.round(height) + ' px')
  }
`

/** Everything at once; `least`: the size of a control, px. */
export const layoutFaults = async (page: Page, least?: number): Promise<readonly string[]> =>
  JSON.parse(
    await page.evaluate<string>(`(async () => {
      // A list that measures its rows, and what was out of sight, stand right one frame later.
      for (let frame = 0; frame < 3; frame++) await new Promise((resolve) => requestAnimationFrame(resolve))
      ${tools}
      const boxes = texts()
      ${overlaps} ${outside} ${cutOff} ${least === undefined ? '' : smallTargets(least)}
      return JSON.stringify([...found])
    })()`),
  ) as string[]

/** WCAG 1.4.12: what a reader may set. By a constructed sheet, since the page's policy allows no other. */
export const spaceText = async (page: Page, on: boolean): Promise<void> => {
  await page.evaluate(`(() => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }')
    document.adoptedStyleSheets = ${on} ? [sheet] : []
  })()`)
}
