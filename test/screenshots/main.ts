import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Browser } from '#test/support/browser.ts'
import { chosenWords } from '#test/support/chosen-words.ts'
import { repository } from '#test/support/program.ts'
import { Demonstration, say } from './demonstration.ts'
import { bringNewcomers, type Newcomers } from './newcomers.ts'
import { Photographer, post, type Order } from './photographer.ts'
import { fleet, palettes, shots, signInAs, sizes, sizesOf, type Shot, type Size } from './shots.ts'

// `npm run screenshots`: the demonstration as it runs, every screen in the three palettes, into docs/screenshots/.

const names = shots.map(({ name }) => name)
const sizeNames = Object.keys(sizes) as readonly Size[]

const help = `Starts the demonstration and photographs every screen in its three palettes, on a desk and on a phone.

  npm run screenshots                            all of them, into docs/screenshots
  npm run screenshots -- --only wall,pump        some screens
  npm run screenshots -- --palette light,night   ${palettes.join(', ')}
  npm run screenshots -- --size phone            ${sizeNames.join(', ')}
  npm run screenshots -- --out FOLDER            where the pictures go
  npm run screenshots -- --minutes 8             how long the demonstration runs before the first picture, so that charts and
                                                 lists have something to show (4)
  npm run screenshots -- --demo FILE             photographs a demonstration that is running already and waits for nothing;
                                                 FILE is what it printed: SCENARIO=test/screenshots/alarm-goes-on.yaml npm start -- --json > FILE

Screens: ${names.join(', ')}
The fleet comes last: an engineer begins it, and ${fleet.pumps} pumps run for the same time again.
Ends with 1 when a picture is missing or a page complained, with 2 when the question is not understood.
`

interface Question {
  readonly shots: readonly Shot[]
  readonly order: Order
  readonly waitMs: number
  readonly demo: string | undefined
}

const questionOf = (): Question | null => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      palette: { type: 'string' },
      size: { type: 'string' },
      out: { type: 'string', default: join(repository, 'docs', 'screenshots') },
      minutes: { type: 'string', default: '4' },
      demo: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return null
  const only = chosenWords('screen', names, values.only)
  const minutes = Number(values.minutes)
  if (!(minutes >= 0)) throw new TypeError(`--minutes is a number, not "${values.minutes}"`)
  return {
    shots: shots.filter(({ name }) => only.includes(name)),
    order: {
      palettes: chosenWords('palette', palettes, values.palette),
      sizes: chosenWords('size', sizeNames, values.size),
      out: values.out,
    },
    waitMs: minutes * 60_000,
    demo: values.demo,
  }
}

/** False: it runs already. */
const beginFleet = async (demo: Demonstration): Promise<boolean> => {
  await using browser = await Browser.open(sizes.desk)
  const page = await browser.page()
  await signInAs(page, demo, 'engineer')
  const running = await page.evaluate<number | null>(
    `fetch('/api/v1/simulators/fleet').then(async (answer) => (await answer.json()).fleet?.pumps ?? null)`,
  )
  if (running === fleet.pumps) return false
  const status = await page.evaluate<number>(`${post('simulators/fleet', fleet)}.then(({ status }) => status)`)
  if (status !== 200) throw new Error(`the fleet did not begin: ${status}`)
  return true
}

/** One browser for each role; the names of what is missing. */
const lookAt = async (demo: Demonstration, some: readonly Shot[], order: Order): Promise<readonly string[]> => {
  const missing: string[] = []
  let newcomers: Promise<Newcomers> | null = null
  const stage = { demo, newcomers: () => (newcomers ??= bringNewcomers(demo)) }
  const wanted = some.flatMap((shot) => sizesOf(shot).filter((size) => order.sizes.includes(size)))
  const total = wanted.length * order.palettes.length
  let count = 0
  for (const role of new Set(some.map((shot) => shot.role))) {
    await using photographer = await Photographer.as(role, stage, order)
    for (const shot of some.filter((one) => one.role === role))
      missing.push(...(await photographer.take(shot, (file) => say(`  ${(count += 1)}/${total} ${file}`))))
    for (const complaint of photographer.complaints) {
      missing.push(`a page without complaints for the ${role}`)
      say(`  the page of the ${role} complains: ${complaint}`)
    }
  }
  return missing
}

const run = async ({ shots: chosen, order, waitMs, demo: file }: Question): Promise<number> => {
  mkdirSync(order.out, { recursive: true })
  say(file === undefined ? 'The demonstration starts.' : `The demonstration of ${file} is photographed.`)
  await using demo = file === undefined ? await Demonstration.start() : Demonstration.reuse(file)
  const missing: string[] = []
  const stand = chosen.filter((shot) => shot.fleet !== true)
  const besideFleet = chosen.filter((shot) => shot.fleet === true)
  if (stand.length > 0) {
    if (file === undefined) await demo.runs(waitMs, 'the demonstration')
    missing.push(...(await lookAt(demo, stand, order)))
  }
  if (besideFleet.length > 0) {
    if (await beginFleet(demo)) {
      say(`A fleet of ${fleet.pumps} pumps begins.`)
      await demo.runs(waitMs, 'the fleet')
    }
    missing.push(...(await lookAt(demo, besideFleet, order)))
  }
  if (missing.length > 0) say(`Missing: ${missing.join(', ')}`)
  return missing.length === 0 ? 0 : 1
}

const asked = (): Question | null | string => {
  try {
    return questionOf()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return error.message
  }
}

const question = asked()
if (question === null) process.stdout.write(help)
else if (typeof question === 'string') say(question)
process.exitCode = question === null ? 0 : typeof question === 'string' ? 2 : await run(question)
