import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Browser } from '#test/support/browser.ts'

// The installed page's icons, drawn by the project's own browser from dashboard/icons: `node test/screenshots/icons.ts`. What it writes is
// committed, because a build draws nothing.

const dashboard = join(import.meta.dirname, '..', '..', 'dashboard')

/** The full ones have no transparent corner, and their drawing within the circle that every mask leaves (W3C, maskable icons: 80 %). */
export const icons = [
  { source: 'app.svg', file: 'app-192.png', size: 192 },
  { source: 'app.svg', file: 'app-512.png', size: 512 },
  { source: 'app-full.svg', file: 'app-maskable-512.png', size: 512 },
  { source: 'app-full.svg', file: 'apple-touch-icon.png', size: 180 },
] as const

await using browser = await Browser.open({ width: 512, height: 512 })
const page = await browser.page()
for (const { source, file, size } of icons) {
  await page.setViewportSize({ width: size, height: size })
  const drawing = readFileSync(join(dashboard, 'icons', source), 'utf8')
  await page.setContent(
    `<style>html,body{margin:0;background:transparent}svg{display:block;width:${size}px}</style>${drawing}`,
  )
  writeFileSync(join(dashboard, 'public', file), await page.screenshot({ omitBackground: true }))
}
