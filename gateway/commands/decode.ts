import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { profiles } from '#domain/pump-protocols/profiles.ts'
import type { CaptureReader, PumpProfile } from '#domain/pump-protocols/profile.ts'
import { wrongUse } from './program.ts'
import type { Writable } from 'node:stream'
import type { Command } from './program.ts'

const help = `gateway decode --protocol NAME [--hex] [--set NAME=VALUE]…

Reads captured bytes of one pump line, in either direction, from standard input and prints one JSON line per frame:
  {"ok":true,"type":…,"fields":…,"hex":…}     a good frame; a value that cannot be read is {"raw":…}
  {"ok":false,"fault":…,"hex":…}              rejected bytes, or a frame without effect (bad, unsup)
and at the end {"counters":…}. Time stands still: a frame that is cut off at the end counts as gap.

  --hex             input is hexadecimal text, each line a capture of its own; counters add up
  --set NAME=VALUE  a setting of the protocol

Known protocols: ${[...profiles.keys()].join(', ')}.
Exit codes: 0 the input was read, 1 it is not hexadecimal, 2 wrong use.
`

const unreadable = 1

type Input = AsyncIterable<Uint8Array>

/** The `gateway decode` command; streams, holds one frame. Resolves with the exit code. */
export const decode = async (
  args: readonly string[],
  stdin: Input,
  stdout: Writable,
  stderr: Writable = process.stderr,
): Promise<number> => {
  const wanted = readArgs(args)
  if (wanted.kind === 'help') {
    stdout.write(help)
    return 0
  }
  if (wanted.kind === 'wrong') {
    stderr.write(`${wanted.problem}\nSee gateway decode --help.\n`)
    return wrongUse
  }
  const printer = new Printer(stdout)
  const captures = new Captures(wanted.profile)
  try {
    for await (const chunk of stdin) {
      await printer.print(wanted.hex ? captures.pushHex(chunk) : captures.push(chunk))
      if (printer.broken) return 0
    }
    await printer.print([...captures.end(), { counters: captures.counters }])
    return 0
  } catch (error) {
    if (!(error instanceof NotHex)) throw error
    stderr.write(`${error.message}\n`)
    return unreadable
  }
}

type Wanted =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly problem: string }
  | {
      readonly kind: 'decode'
      readonly profile: PumpProfile
      readonly hex: boolean
    }

const wrong = (problem: string): Wanted => ({ kind: 'wrong', problem })

const readArgs = (args: readonly string[]): Wanted => {
  let values
  try {
    values = parseArgs({
      args: [...args],
      options: {
        protocol: { type: 'string', short: 'p' },
        hex: { type: 'boolean', default: false },
        set: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error))
  }
  if (values.help) return { kind: 'help' }
  const known = [...profiles.keys()].join(', ')
  if (values.protocol === undefined) return wrong(`Which protocol? Give --protocol with one of: ${known}.`)
  const profile = profiles.get(values.protocol)
  if (!profile) return wrong(`Unknown protocol "${values.protocol}". Known: ${known}.`)
  const settings: Record<string, unknown> = {}
  for (const setting of values.set) {
    const [, name, value] = /^([^=]+)=(.*)$/.exec(setting) ?? []
    if (name === undefined || value === undefined) return wrong(`--set wants NAME=VALUE, not "${setting}".`)
    settings[name] = scalar(value)
  }
  const configured = profile.configured(settings)
  if (configured.ok) return { kind: 'decode', profile: configured.profile, hex: values.hex }
  const problems = configured.problems.map(({ path, message }) => [...path.map(String), message].join(': '))
  return wrong(`${profile.id}: ${problems.join('; ')}. ${settingsOf(profile)}`)
}

/** `true`, `false` and numbers mean themselves; everything else is text. */
const scalar = (text: string): unknown => {
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
}

const settingsOf = (profile: PumpProfile): string => {
  const names = Object.keys(profile.settings.shape)
  return names.length === 0 ? 'It has no settings.' : `Its settings: ${names.join(', ')}.`
}

class NotHex extends Error {}

/** One capture, or one per line of hexadecimal text. */
class Captures {
  readonly #profile: PumpProfile
  #capture: CaptureReader | null = null
  readonly #counters: Record<string, number> = { ok: 0 }
  #line = 1
  /** The first digit of a byte whose second has not come yet. */
  #digit: number | null = null

  constructor(profile: PumpProfile) {
    this.#profile = profile
  }

  /** Of all captures that have ended. */
  get counters(): Readonly<Record<string, number>> {
    return this.#counters
  }

  push(chunk: Uint8Array): readonly object[] {
    this.#capture ??= this.#profile.newCapture()
    return this.#capture.push(chunk)
  }

  pushHex(chunk: Uint8Array): readonly object[] {
    const lines: object[] = []
    let bytes: number[] = []
    for (const character of chunk) {
      if (character === newline) {
        lines.push(...this.push(Uint8Array.from(bytes)), ...this.end())
        bytes = []
        this.#line += 1
      } else if (!blanks.has(character)) {
        const digit = Number.parseInt(String.fromCharCode(character), 16)
        if (Number.isNaN(digit)) throw new NotHex(`Line ${this.#line}: not hexadecimal.`)
        if (this.#digit === null) this.#digit = digit
        else {
          bytes.push(this.#digit * 16 + digit)
          this.#digit = null
        }
      }
    }
    return bytes.length > 0 ? [...lines, ...this.push(Uint8Array.from(bytes))] : lines
  }

  end(): readonly object[] {
    if (this.#digit !== null) throw new NotHex(`Line ${this.#line}: an odd number of digits.`)
    const capture = this.#capture
    if (!capture) return []
    this.#capture = null
    const lines = capture.end()
    for (const [name, value] of Object.entries(capture.counters))
      this.#counters[name] = (this.#counters[name] ?? 0) + value
    return lines
  }
}

const newline = 0x0a
const blanks: ReadonlySet<number> = new Set([0x20, 0x09, 0x0d])

/** Writes JSON lines, no faster than they are read. A reader that goes away (`| head`) ends the output, not the program. */
class Printer {
  readonly #out: Writable
  broken = false

  constructor(out: Writable) {
    this.#out = out
    out.on('error', () => {
      this.broken = true
    })
  }

  async print(lines: readonly object[]): Promise<void> {
    if (lines.length === 0 || this.broken) return
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
    if (this.#out.write(text)) return
    await once(this.#out, 'drain').catch(() => {
      this.broken = true
    })
  }
}

export const decodeCommand: Command = {
  usage: `  gateway decode --protocol NAME [--hex] [--set NAME=VALUE]…
                                  read captured bytes from standard input, one JSON line per frame`,
  run: (args) => decode(args, process.stdin, process.stdout),
}
