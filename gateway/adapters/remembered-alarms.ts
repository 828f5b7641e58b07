import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AlarmCode } from '#domain/alarm/codes.ts'
import { EpisodeId, PumpId } from '#domain/ids.ts'
import { nothingRemembered } from '../core/local-alarm.ts'
import type { Clock } from '#domain/time.ts'
import type { Remembered } from '../core/local-alarm.ts'

const Kept = z.object({
  /** Wall clock of this hub, ms. */
  writtenAt: z.int(),
  alarms: z
    .array(
      z.object({
        pumpId: PumpId,
        port: z.string().max(64),
        key: z.string().max(256),
        code: AlarmCode,
        ids: z.array(EpisodeId).max(16),
        taken: z.boolean(),
        accepted: z.boolean(),
        heldMs: z.number().nonnegative(),
      }),
    )
    .max(256),
  acceptedAgoMs: z.number().nonnegative().nullable(),
  delivering: z.array(z.object({ pumpId: PumpId, port: z.string().max(64) })).max(64),
})

/** A wall clock that jumped further than this tells nothing about how long the hub was down, ms. */
const longestDownMs = 7 * 86_400_000

/** What the local alarm must know after a restart, as a small file beside the outbox. */
export class RememberedAlarms {
  readonly #path: string
  readonly #clock: Clock

  constructor(folder: string, clock: Clock) {
    this.#path = join(folder, 'unanswered-alarms.json')
    this.#clock = clock
  }

  /** Nothing, when there is no such file or it cannot be read: then the pumps' own lists tell. */
  async load(): Promise<Remembered> {
    const text = await readFile(this.#path, 'utf8').catch(() => null)
    if (text === null) return nothingRemembered
    const kept = Kept.safeParse(parse(text))
    if (!kept.success) return nothingRemembered
    const { writtenAt, alarms, acceptedAgoMs, delivering } = kept.data
    const awayMs = this.#clock.now() - writtenAt
    const downMs = awayMs >= 0 && awayMs <= longestDownMs ? awayMs : 0
    return {
      alarms: alarms.map((alarm) => ({ ...alarm, heldMs: alarm.heldMs + downMs })),
      acceptedAgoMs: acceptedAgoMs === null ? null : acceptedAgoMs + downMs,
      delivering,
    }
  }

  async save(remembered: Remembered): Promise<void> {
    const aside = `${this.#path}.new`
    {
      await using file = await open(aside, 'w', 0o600)
      await file.writeFile(JSON.stringify({ writtenAt: this.#clock.now(), ...remembered }))
      await file.datasync()
    }
    await rename(aside, this.#path)
  }
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
