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
import { desk, fleet, palettes, phone, shots, type Shot } from './shots.ts'

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

/** Of a page, on a machine that has a fleet to do besides. */
const patienceMs = 120_000
const startsWithinMs = 300_000
/** The demonstration ends its own programs first. */
const endsWithinMs = 60_000

const say = (text: string): void => void process.stderr.write(`${text}\n`)

const signIn = async (page: Page, running: z.infer<typeof Running>, role: string): Promise<Wall> => {
  const user = running.users.find((one) => one.role === role)
  if (user === undefined) throw new Error(`the demonstration has no ${role}`)
  const wall = new Wall(page)
  if (role === 'admin') await wall.signInWithoutAlarms(running.url, user.name, user.password)
  else if (role === 'engineer') await wall.signInWithoutDuty(running.url, user.name, user.password)
  else await wall.signIn(running.url, user.name, user.password)
  return wall
}

/** As the page itself asks the server. */
const post = (path: string, body: object): string =>
  `fetch('/api/v1/${path}', { method: 'POST', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(JSON.stringify(body))} })`

const waited = async (minutes: number, demo: Program, what: string): Promise<void> => {
  const until = performance.now() + minutes * 60_000
  await eventually(() => performance.now() >= until || !demo.running, {
    within: minutes * 60_000 + 10_000,
    every: 1_000,
    what,
  })
}

const watches = async (page: Page): Promise<void> => {
  await page.locator('[data-testid="live-pill"][data-state="live"]').waitFor()
  // A page that was loaded anew may sound only after a press, and a nurse would have made it.
  await page.mouse.click(2, 2)
  const sounds = page.locator('[data-testid="sound-chip"][data-armed="true"]', { hasNotText: 'another tab' })
  // A phone has one chip for all of it, and this one hidden.
  await sounds.waitFor({ state: 'attached' })
  await page.getByTestId('sound-bar').waitFor({ state: 'detached' })
  await page.mouse.move(0, 0)
}

const take = async (page: Page, url: string, shot: Shot, out: string): Promise<void> => {
  for (const [size, viewport] of Object.entries({ desk, phone })) {
    await page.setViewportSize(viewport)
    await page.goto(`${url}/${shot.hash}`)
    for (const palette of palettes) {
      await page.evaluate(`localStorage.setItem('theme', '${palette}')`)
      await page.reload()
      if (shot.role !== 'admin') await watches(page)
      await page.locator(shot.ready).first().waitFor()
      await shot.before?.(page)
      await page.evaluate('document.fonts.ready.then(() => scrollTo(0, 0))')
      const file = `${shot.name}-${palette}${size === 'phone' ? '-phone' : ''}.png`
      // Glyphs flash: each picture shows them lit.
      await page.screenshot({ path: join(out, file), animations: 'disabled' })
      say(`  ${file}`)
    }
  }
}

const lookAs = async (
  running: z.infer<typeof Running>,
  role: Shot['role'],
  some: readonly Shot[],
  out: string,
): Promise<void> => {
  await using browser = await Browser.open(desk)
  const page = await browser.page()
  page.setDefaultTimeout(patienceMs)
  await signIn(page, running, role)
  // Her word that she hears this loudspeaker, which nothing else can prove.
  if (role === 'nurse' || role === 'lead') await page.evaluate(post('shift-check', { heard: true }))
  for (const shot of some) await take(page, running.url, shot, out)
  if (browser.complaints.length > 0) throw new Error(`the page complains: ${browser.complaints.join('; ')}`)
}

const beginFleet = async (running: z.infer<typeof Running>): Promise<void> => {
  await using browser = await Browser.open(desk)
  const page = await browser.page()
  await signIn(page, running, 'engineer')
  const status = await page.evaluate<number>(`${post('simulators/fleet', fleet)}.then(({ status }) => status)`)
  if (status !== 200) throw new Error(`the fleet did not begin: ${status}`)
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
  let demo: Program | null = null
  try {
    demo = new Program({
      name: 'demonstration',
      args: ['simulators/demo.ts', '--json'],
      // Its line stays blocked: the pictures show an alarm that goes on.
      env: { PORT: String(await freePort()), DATA_DIR: dir, SCENARIO: join(import.meta.dirname, 'alarm-goes-on.yaml') },
    })
    const [line] = await demo.says(/^\{.*\}$/m, startsWithinMs)
    const running = Running.parse(JSON.parse(line))
    say(`The demonstration runs for ${minutes} min before the first picture.`)
    await waited(minutes, demo, 'the first picture')
    const look = async (some: readonly Shot[]): Promise<void> => {
      for (const role of new Set(some.map((shot) => shot.role)))
        await lookAs(
          running,
          role,
          some.filter((shot) => shot.role === role),
          values.out,
        )
    }
    await look(chosen.filter((shot) => shot.fleet !== true))
    const besideFleet = chosen.filter((shot) => shot.fleet === true)
    if (besideFleet.length === 0) return 0
    await beginFleet(running)
    say(`A fleet of ${fleet.pumps} pumps runs for ${minutes} min.`)
    await waited(minutes, demo, 'the fleet')
    await look(besideFleet)
    return 0
  } finally {
    // Also after an exception: killed sooner, it would leave its server, hub and pumps behind.
    if (demo?.running === true) demo.child.kill('SIGTERM')
    await demo?.ended(endsWithinMs)
    rmSync(dir, { recursive: true, force: true })
  }
}

process.exitCode = await main()
