import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromiumVersion } from '#test/support/browser.ts'
import { someTime } from '#test/support/live-fixtures.ts'
import { Stage } from '../accessibility/stage.ts'
import { difference } from './difference.ts'
import { looks } from './looks.ts'
import type { Look } from './looks.ts'
import { photograph, standingStill } from './photograph.ts'

// `npm run visual`: a few screens, pixel by pixel, against the pictures in reference/.

const help = `Compares the wall, a pump's page and the wall of a phone with the pictures in test/visual/reference, pixel by pixel.

  npm run visual               says which differ in more than 0.1 % of their pixels, and where the new picture and the difference lie
  npm run visual -- --update   takes what it sees as the reference; look at every picture before it is committed
  npm run visual -- --only wall-flood   those whose name begins so
  npm run visual -- --out FOLDER        for new pictures and differences (${join(tmpdir(), 'infusion-watch-visual')})
  npm run visual -- --list     the pictures

Server, page and data stand still at one moment, and letters come from the font that the page brings along. Another build of Chromium
than that of reference/chromium.txt draws a little differently; the command says so. Ends with 1 when a picture differs or is missing,
with 2 when the question is not understood.
`

const reference = join(import.meta.dirname, 'reference')
const versionFile = join(reference, 'chromium.txt')
/** Share of the pixels that may differ. */
const most = 0.001

const say = (text: string): void => void process.stderr.write(`${text}\n`)

const isSame = ({ name }: Look, picture: Buffer, out: string): boolean => {
  const file = join(reference, `${name}.png`)
  if (!existsSync(file)) {
    say(`  ${name}: there is no reference; --update takes one`)
    return false
  }
  const { share, where } = difference(readFileSync(file), picture)
  const percent = (share * 100).toFixed(3)
  if (share <= most) {
    say(`  ${name}: ${percent} %`)
    return true
  }
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, `${name}.png`), picture)
  writeFileSync(join(out, `${name}-difference.png`), where)
  say(`  ${name}: ${percent} % of its pixels DIFFER, see ${join(out, name)}-difference.png`)
  return false
}

interface Question {
  readonly chosen: readonly Look[]
  readonly update: boolean
  readonly out: string
}

const run = async ({ chosen, update, out }: Question): Promise<number> => {
  const version = chromiumVersion()
  const known = existsSync(versionFile) ? readFileSync(versionFile, 'utf8').trim() : null
  if (update) mkdirSync(reference, { recursive: true })
  else if (known !== version) say(`This is ${version}; the pictures are of ${known ?? 'none'}.`)
  await using stage = await Stage.open({ width: 1280, height: 800, exactType: true })
  await standingStill(stage, someTime)
  let different = 0
  for (const look of chosen) {
    const picture = await photograph(stage, look)
    if (update) {
      writeFileSync(join(reference, `${look.name}.png`), picture)
      say(`  ${look.name}.png: ${(picture.byteLength / 1000).toFixed(0)} kB`)
    } else if (!isSame(look, picture, out)) different += 1
  }
  if (update) writeFileSync(versionFile, `${version}\n`)
  process.stdout.write(
    update ? `${chosen.length} pictures taken\n` : `${chosen.length} pictures, ${different} different\n`,
  )
  return different === 0 ? 0 : 1
}

const options = {
  update: { type: 'boolean', default: false },
  only: { type: 'string', default: '' },
  out: { type: 'string', default: join(tmpdir(), 'infusion-watch-visual') },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** A number: it was answered already, with this exit code. */
const asked = (): Question | number => {
  const names = looks.map(({ name }) => name).join('\n')
  try {
    const { values } = parseArgs({ options })
    if (values.help || values.list) {
      process.stdout.write(values.help ? help : `${names}\n`)
      return 0
    }
    const chosen = looks.filter(({ name }) => name.startsWith(values.only))
    if (chosen.length === 0) throw new TypeError(`no picture begins with "${values.only}"; there are:\n${names}`)
    return { chosen, update: values.update, out: values.out }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    say(error.message)
    return 2
  }
}

const question = asked()
process.exitCode = typeof question === 'number' ? question : await run(question)
