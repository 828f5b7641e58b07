import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { z } from 'zod'
import { Browser } from '#test/support/browser.ts'
import { eventually } from '#test/support/eventually.ts'
import { freePort } from '#test/support/free-port.ts'
import { Program, repository } from '#test/support/program.ts'
import { Wall } from '../e2e/wall.ts'
import { desk, palettes, phone, shots, type Shot } from './shots.ts'

// `npm run screenshots`: the demonstration as it runs, every screen in the three palettes, into docs/screenshots/.

const help = `npm run screenshots [-- --only NAME] [-- --out FOLDER] [-- --minutes N]

  --only     one screen: ${shots.map(({ name }) => name).join(', ')}
  --out      where the pictures go (docs/screenshots)
  --minutes  how long the demonstration runs before the first picture, so that charts and lists have something to show (4)
`

const Running = z.object({
  url: z.string(),
  users: z.array(z.object({ role: z.string(), name: z.string(), password: z.string() })),
})

const say = (text: string): void => void process.stderr.write(`${text}\n`)

const signIn = async (page: Page, running: z.infer<typeof Running>, role: string): Promise<Wall> => {
  const user = running.users.find((one) => one.role === role)
  if (user === undefined) throw new Error(`the demonstration has no ${role}`)
  const wall = new Wall(page)
  if (role === 'engineer') await wall.signInWithoutDuty(running.url, user.name, user.password)
  else await wall.signIn(running.url, user.name, user.password)
  return wall
}

const take = async (page: Page, url: string, shot: Shot, out: string): Promise<void> => {
  for (const [size, viewport] of Object.entries({ desk, phone })) {
    await page.setViewportSize(viewport)
    await page.goto(`${url}/${shot.hash}`)
    for (const palette of palettes) {
      await page.evaluate(`localStorage.setItem('theme', '${palette}')`)
      await page.reload()
      await page.locator('[data-testid="live-pill"][data-state="live"]').waitFor()
      // A page that was loaded anew may sound only after a press, and a nurse would have made it.
      await page.getByTestId('sound-bar').getByRole('button').click()
      await page.locator('[data-testid="sound-chip"][data-armed="true"]').waitFor()
      await page.locator(shot.ready).first().waitFor()
      await shot.before?.(page)
      await page.evaluate('document.fonts.ready.then(() => null)')
      const file = `${shot.name}-${palette}${size === 'phone' ? '-phone' : ''}.png`
      // Glyphs flash: each picture shows them lit.
      await page.screenshot({ path: join(out, file), animations: 'disabled' })
      say(`  ${file}`)
    }
  }
}

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      out: { type: 'string', default: join(repository, 'docs', 'screenshots') },
      minutes: { type: 'string', default: '4' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  const minutes = Number(values.minutes)
  const chosen = shots.filter(({ name }) => values.only === undefined || name === values.only)
  if (values.help === true || chosen.length === 0 || !(minutes >= 0)) {
    say(help)
    return values.help === true ? 0 : 2
  }
  mkdirSync(values.out, { recursive: true })
  const dir = mkdtempSync(join(tmpdir(), 'infusion-watch-screenshots-'))
  try {
    await using demo = new Program({
      name: 'demonstration',
      args: ['simulators/demo.ts', '--json'],
      // Its line stays blocked: the pictures show an alarm that goes on.
      env: { PORT: String(await freePort()), DATA_DIR: dir, SCENARIO: join(import.meta.dirname, 'alarm-goes-on.yaml') },
    })
    const [line] = await demo.says(/^\{.*\}$/m, 120_000)
    const running = Running.parse(JSON.parse(line))
    say(`The demonstration runs for ${minutes} min before the first picture.`)
    const readyAt = performance.now() + minutes * 60_000
    await eventually(() => performance.now() >= readyAt || !demo.running, {
      within: minutes * 60_000 + 10_000,
      every: 1_000,
      what: 'the first picture',
    })
    for (const role of new Set(chosen.map((shot) => shot.role))) {
      await using browser = await Browser.open(desk)
      const page = await browser.page()
      page.setDefaultTimeout(60_000)
      await signIn(page, running, role)
      for (const shot of chosen.filter((one) => one.role === role)) await take(page, running.url, shot, values.out)
      if (browser.complaints.length > 0) throw new Error(`the page complains: ${browser.complaints.join('; ')}`)
    }
    return 0
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

process.exitCode = await main()
