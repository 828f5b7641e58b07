import type { Page } from 'playwright-core'

/** How long nothing may tick on a screen that is not live: the clocks on it go by seconds, ms. */
const watchedMs = 2_300

// Runs in the page. Acts that the server would have to hear of must be gone or disabled; everything that says how old it is must say
// when it was, because an age that stands still would lie.
const look = `(() => {
  const found = []
  const all = (selector) => [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility())
  const none = (what, elements) => { if (elements.length > 0) found.push(what + ': ' + elements[0].outerHTML.slice(0, 160)) }
  const band = document.querySelector('[data-testid="not-live"]')
  if (!/NOT LIVE/.test(band?.innerText ?? '') || !/\\d\\d:\\d\\d:\\d\\d/.test(band?.innerText ?? ''))
    found.push('no band that says NOT LIVE and since when')
  const pill = document.querySelector('[data-testid="live-pill"]')
  if (pill?.dataset.state !== 'not-live') found.push('the pill says ' + pill?.dataset.state)
  const hatched = (e) => getComputedStyle(e).backgroundImage.includes('repeating-linear-gradient')
  const ground = document.querySelector('main')
  if (ground === null || !hatched(ground)) found.push('the ground is not hatched')
  none('can be pressed', all('[data-testid="take"], [data-testid="take-over"], [data-testid="still-on-it"], [data-testid="undo"], [data-testid="close-out"], [data-testid="slide-to-take"], [data-testid="accept-shift"]').filter((e) => !e.disabled))
  none('looks fresh', all('[data-freshness="fresh"], [data-freshness="aged"]'))
  none('a value is not hatched', all('.values > .value, .tile-rate, .facts > div, [data-testid="roster-row"]').filter((e) => !hatched(e) && !e.classList.contains('old')))
  none('a timer does not say when it stood', all('.row-timer').filter((e) => !/ at \\d\\d:\\d\\d:\\d\\d/.test(e.innerText)))
  if (/\\bago\\b/.test(ground?.innerText ?? '')) found.push('an age that stands still: ' + /[^\\n]*\\bago\\b[^\\n]*/.exec(ground.innerText)[0])
  return { found, text: ground?.innerText.split('\\n') ?? [] }
})()`

/** What looks live on this page; empty: nothing does. For every screen that has the status bar. */
export const looksLive = async (page: Page): Promise<readonly string[]> => {
  const before = await page.evaluate<{ found: string[]; text: string[] }>(look)
  await page.waitForTimeout(watchedMs)
  const after = await page.evaluate<{ found: string[]; text: string[] }>(look)
  const ticks = after.text.flatMap((line, index) => {
    const was = before.text[index]
    return was === undefined || was === line ? [] : [`ticks: ${was} → ${line}`]
  })
  return [...new Set([...before.found, ...after.found]), ...ticks]
}
