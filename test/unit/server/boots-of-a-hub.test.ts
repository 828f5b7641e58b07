import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SystemCommand } from '#domain/alarm/commands.ts'
import { alarmEngine } from '#domain/alarm/engine.ts'
import { BootId, EpisodeId } from '#domain/ids.ts'
import { instant } from '#domain/time.ts'
import type { SnapshotRecord } from '#domain/uplink/records.ts'
import { Dating } from '#server/core/dating.ts'
import type { DatedRecord } from '#server/core/ports.ts'
import { recordCommands } from '#server/core/record-commands.ts'
import { conditionOutcome, live } from '#test/support/alarm-logs.ts'
import { MemoryJournal } from '#test/support/memory-journal.ts'
import { condition, hubId, pumpId } from '#test/support/uplink-records.ts'

// One hub through many starts: lists of one pump's alarms, an outbox that is lost or cut back between starts, an alarm lane that
// sends the oldest first, and a server whose clock steps. What the last boot said last is true.

const dayMs = 86_400_000

const boot = fc.record({
  /** Before this start. */
  outbox: fc.oneof(
    { weight: 5, arbitrary: fc.constant('kept' as const) },
    { weight: 1, arbitrary: fc.constant('lost' as const) },
    { weight: 1, arbitrary: fc.constant('cut-back' as const) },
  ),
  /** Numbers that it loses when it is cut back. */
  cut: fc.integer({ min: 1, max: 12 }),
  stepMs: fc.oneof(
    fc.constant(0),
    fc.integer({ min: -3_600_000, max: 3_600_000 }),
    fc.integer({ min: -dayMs, max: dayMs }),
  ),
  /** Each is a list of its own, with or without the alarm. */
  lists: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
  /** Samples on the other lane use numbers, too. */
  samples: fc.integer({ min: 0, max: 5 }),
  reach: fc.constantFrom('nothing', 'heartbeat', 'heartbeat-too-late', 'some', 'all'),
  some: fc.integer({ min: 1, max: 4 }),
  /** A batch comes twice, the second time after the next. */
  repeats: fc.boolean(),
})
type Boot = typeof boot extends fc.Arbitrary<infer T> ? T : never

class World {
  readonly #journal = new MemoryJournal()
  readonly #dating = new Dating(this.#journal, 120_000)
  readonly #isOld: boolean
  readonly commands: SystemCommand[] = []
  #now = Date.UTC(2026, 0, 5, 18)
  #outbox: SnapshotRecord[] = []
  #remembered: BootId[] = []
  #next = 1
  /** Heartbeats that the network holds back. */
  #held: (() => Promise<void>)[] = []
  #nth = 0

  /** `isOld`: a hub that does not name its earlier boots. */
  constructor(isOld: boolean) {
    this.#isOld = isOld
  }

  async play(told: Boot): Promise<boolean> {
    this.#nth += 1
    const bootId = BootId.parse(`boot-${this.#nth}`)
    this.#startOutbox(told, bootId)
    this.#now += told.stepMs
    const firstSeq = this.#next
    const earlierBoots = this.#isOld ? null : this.#remembered.slice(1)
    for (const [place, active] of told.lists.entries()) {
      this.#outbox.push(listOf(this.#next, bootId, place, active))
      this.#next += 1 + told.samples
    }
    const beat = async (): Promise<void> => {
      const sender = { bootId, anchor: null, manifest: { firstSeq }, earlierBoots }
      await this.#dating.takeAnchor(hubId, sender, instant(this.#now))
    }
    // Of a hub that names no earlier boots nobody can tell it from one that counts anew (docs/adr/0026).
    if (told.reach === 'heartbeat-too-late' && !this.#isOld) this.#held.push(beat)
    if (told.reach === 'heartbeat') await beat()
    if (told.reach !== 'some' && told.reach !== 'all') return told.lists.at(-1) ?? false
    await beat()
    for (const held of this.#held.splice(0)) await held()
    const count = told.reach === 'all' ? this.#outbox.length : Math.min(told.some, this.#outbox.length)
    let before: readonly SnapshotRecord[] = []
    for (let sent = 0; sent < count; sent += 3) {
      const batch = this.#outbox.slice(sent, Math.min(sent + 3, count))
      await this.#deliver(bootId, batch)
      if (told.repeats) await this.#deliver(bootId, before)
      before = batch
    }
    this.#outbox = this.#outbox.slice(count)
    return told.lists.at(-1) ?? false
  }

  #startOutbox({ outbox, cut }: Boot, bootId: BootId): void {
    if (outbox === 'lost') [this.#outbox, this.#remembered, this.#next] = [[], [], 1]
    if (outbox === 'cut-back') {
      this.#next = Math.max(1, this.#next - cut)
      this.#outbox = this.#outbox.filter(({ seq }) => seq < this.#next)
      if (cut > 6) this.#remembered = this.#remembered.slice(1)
    }
    // Nobody can tell a first heartbeat that overtakes nothing from one that comes late when its boot is forgotten (docs/adr/0026).
    if (outbox === 'lost' || (outbox === 'cut-back' && cut > 6)) this.#held = []
    this.#remembered = [bootId, ...this.#remembered].slice(0, 17)
  }

  async #deliver(bootId: BootId, records: readonly SnapshotRecord[]): Promise<void> {
    if (records.length === 0) return
    this.#now += 1_000
    const keys = records.map((one) => ({ lane: 'alarm' as const, bootId: one.bootId, seq: one.seq, hash: 'h' }))
    const states = await this.#journal.lookup(hubId, keys)
    const fresh = records.filter((_, place) => states[place] === 'new')
    const anchor = { monotonicMs: 50_000 + this.#nth, serverAt: this.#now, errorMs: 5 }
    const dated = await this.#dating.date(hubId, { bootId, anchor }, fresh, instant(this.#now))
    const received = keys.filter((_, place) => states[place] === 'new')
    await this.#journal.commit({ at: instant(this.#now), appends: [], hubId, received, records: [] })
    for (const one of dated) this.commands.push(...commandsOf(one))
  }
}

const commandsOf = (dated: DatedRecord): readonly SystemCommand[] =>
  recordCommands({ newEpisodeId: () => EpisodeId.parse('x'), pump: () => null }, hubId, { ...dated, late: false }).map(
    ({ command }) => command as SystemCommand,
  )

const listOf = (seq: number, bootId: BootId, place: number, active: boolean): SnapshotRecord => {
  const { body, ...stamp } = condition(seq, { bootId, monotonicMs: place * 60_000 })
  const alarms = active ? [{ ...body, episodeId: EpisodeId.parse(`${bootId}-e`) }] : []
  return { ...stamp, pumpId, kind: 'snapshot', body: { reason: 'periodic', alarms, measurementStatus: ['valid'] } }
}

const open = (commands: readonly SystemCommand[]): boolean =>
  Object.values(live(alarmEngine, commands).episodes).some(({ condition: { open: isOpen } }) => isOpen)

describe('the boots of one hub', () => {
  it.each([
    ['that names them', false],
    ['of an earlier version', true],
  ])('follow each other as the hub %s lived them: the last list of the last boot is true', async (_which, isOld) => {
    await fc.assert(
      fc.asyncProperty(fc.array(boot, { maxLength: 8 }), boot, async (boots, last) => {
        const world = new World(isOld)
        for (const one of boots) await world.play(one)
        const isActive = await world.play({ ...last, reach: 'all' })
        expect(open(world.commands)).toBe(isActive)
      }),
      { numRuns: 300 },
    )
  })

  it('leave no trace of the order in which their records arrive', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(boot, { maxLength: 5 }),
        boot,
        fc.infiniteStream(fc.nat()),
        async (boots, last, draws) => {
          const world = new World(false)
          for (const one of boots) await world.play(one)
          await world.play({ ...last, reach: 'all' })
          const shuffled = [...world.commands, ...world.commands]
            .map((command) => ({ command, by: draws.next().value ?? 0 }))
            .toSorted((a, b) => a.by - b.by)
            .map(({ command }) => command)
          expect(conditionOutcome(live(alarmEngine, shuffled))).toEqual(
            conditionOutcome(live(alarmEngine, world.commands)),
          )
        },
      ),
      { numRuns: 150 },
    )
  })
})
