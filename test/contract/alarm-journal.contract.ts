import { describe, expect, it } from 'vitest'
import type { AlarmEvent } from '#domain/alarm/events.ts'
import { BootId, HubId, PumpId } from '#domain/ids.ts'
import { instant } from '#domain/time.ts'
import type {
  AlarmJournal,
  JournalEffects,
  JournalEntry,
  NonceBook,
  ReceiptBook,
  ReceivedKey,
} from '#server/core/ports.ts'
import { emptyTimeline } from '#server/core/timeline.ts'

export interface JournalUnderTest {
  readonly alarms: AlarmJournal
  readonly receipts: ReceiptBook
  readonly nonces: NonceBook
}

const all = async (journal: AlarmJournal, after = 0): Promise<JournalEntry[]> => {
  const entries: JournalEntry[] = []
  for await (const entry of journal.readAll(after)) entries.push(entry)
  return entries
}

// A journal keeps any event as it came, so these need only be told apart.
const event = (type: string, more: object = {}): AlarmEvent => ({ type, ...more }) as unknown as AlarmEvent

/** `open` gives a new, empty journal; `reopen` closes one and opens its file again, null when it has none. */
export function alarmJournalContract(
  name: string,
  open: () => JournalUnderTest,
  reopen: ((was: JournalUnderTest) => Promise<JournalUnderTest>) | null,
): void {
  const hubId = HubId.parse('hub-1')
  const bootId = BootId.parse('boot-1')
  const pump = { kind: 'pump', pumpId: PumpId.parse('pump-1') } as const
  const nothing: JournalEffects = { at: instant(1000), appends: [], hubId: null, received: [], records: [] }
  const key = (seq: number, hash: string | null = `hash-${seq}`): ReceivedKey => ({
    lane: hash === null ? 'telemetry' : 'alarm',
    bootId,
    seq,
    hash,
  })
  const raised = event('raised', { detail: { text: 'größer als "1"' } })
  const append = (expectedVersion: number, ...events: AlarmEvent[]) => ({
    subject: pump,
    expectedVersion,
    events,
  })

  describe(`alarm journal: ${name}`, () => {
    it('starts every subject at version 0 without events', async () => {
      expect(await open().alarms.load(pump)).toEqual({ events: [], version: 0 })
    })

    it('gives back a subject its own events in order, with the version of the last', async () => {
      const { alarms } = open()
      await alarms.commit({
        ...nothing,
        appends: [append(0, raised, event('b')), { ...append(0, event('site')), subject: { kind: 'site' } }],
      })
      await alarms.commit({ ...nothing, appends: [append(2, event('c'))] })
      expect(await alarms.load(pump)).toEqual({ events: [raised, event('b'), event('c')], version: 3 })
      expect((await alarms.load({ kind: 'site' })).version).toBe(1)
    })

    it('refuses a stale version and then stores nothing of the transaction', async () => {
      const { alarms, receipts } = open()
      await alarms.commit({ ...nothing, appends: [append(0, raised)] })
      const other = { subject: { kind: 'hub', hubId }, expectedVersion: 0, events: [raised] } as const
      const effects = { ...nothing, hubId, received: [key(1)], appends: [other, append(0, event('late'))] }
      await expect(alarms.commit(effects)).rejects.toMatchObject({ code: 'SRV_VERSION_CONFLICT', retryable: true })
      expect(await all(alarms)).toHaveLength(1)
      expect(await receipts.lookup(hubId, [key(1)])).toEqual(['new'])
    })

    it('reads everything after a position in the order of commits', async () => {
      const { alarms } = open()
      for (let version = 0; version < 5; version += 1)
        await alarms.commit({ ...nothing, at: instant(version), appends: [append(version, event(`e${version}`))] })
      const entries = await all(alarms)
      expect(entries.map((entry) => [entry.version, entry.at, entry.event.type])).toEqual([
        [1, 0, 'e0'],
        [2, 1, 'e1'],
        [3, 2, 'e2'],
        [4, 3, 'e3'],
        [5, 4, 'e4'],
      ])
      expect(await all(alarms, entries[2]?.position)).toEqual(entries.slice(3))
    })

    it('tells new, known and forged records apart', async () => {
      const { alarms, receipts } = open()
      await alarms.commit({ ...nothing, hubId, received: [key(1), key(2, null)] })
      const asked = [key(1), key(1, 'other'), key(2, null), key(2, 'alarm'), key(3), key(1, null)]
      expect(await receipts.lookup(hubId, asked)).toEqual(['known', 'forged', 'known', 'forged', 'new', 'forged'])
      expect(await receipts.lookup(HubId.parse('hub-2'), [key(1)])).toEqual(['new'])
    })

    it('commits an alarm record once, however many deliveries race', async () => {
      const { alarms } = open()
      await alarms.commit({ ...nothing, hubId, received: [key(1)], appends: [append(0, raised)] })
      const again = { ...nothing, hubId, received: [key(1)], appends: [append(1, raised)] }
      await expect(alarms.commit(again)).rejects.toMatchObject({ code: 'SRV_ALREADY_RECEIVED' })
      expect(await all(alarms)).toHaveLength(1)
    })

    it('keeps received numbers of both lanes as one set of ranges', async () => {
      const { alarms, receipts } = open()
      for (const received of [
        [key(1), key(2, null)],
        [key(7, null), key(5, null)],
        [key(6, null), key(5, null)],
        [key(3)],
      ])
        await alarms.commit({ ...nothing, hubId, received })
      expect(await receipts.received(hubId, bootId)).toEqual([
        [1, 3],
        [5, 7],
      ])
    })

    it('adds numbers of several hubs at once, and several batches of one boot', async () => {
      const { alarms, receipts } = open()
      await alarms.commit({ ...nothing, hubId, received: [key(1)] })
      const other = HubId.parse('hub-2')
      const before = await receipts.received(other, bootId)
      await receipts.addAll([
        { hubId, received: [key(2, null), key(3, null)] },
        { hubId: other, received: [key(9, null)] },
        { hubId, received: [key(5, null)] },
      ])
      await receipts.addAll([{ hubId, received: [key(4, null)] }])
      expect(before).toEqual([])
      expect(await receipts.received(hubId, bootId)).toEqual([[1, 5]])
      expect(await receipts.received(other, bootId)).toEqual([[9, 9]])
    })

    it('gives back a timeline as it was put', async () => {
      const { receipts } = open()
      expect(await receipts.timeline(hubId, bootId)).toEqual(emptyTimeline)
      const first = {
        anchors: [{ monotonicMs: 1.5, serverAt: 1000, errorMs: 0.5 }],
        datedToMs: 31_000.25,
        interval: null,
      }
      await receipts.putTimeline(hubId, bootId, first)
      expect(await receipts.timeline(hubId, bootId)).toEqual(first)
      const interval = { startLow: 5, startHigh: 9, untilMs: 77.5 }
      const second = {
        anchors: [...first.anchors, { monotonicMs: 40_000, serverAt: 41_000, errorMs: 3 }],
        datedToMs: 99_000,
        interval,
      }
      await receipts.putTimeline(hubId, bootId, second)
      expect(await receipts.timeline(hubId, bootId)).toEqual(second)
    })

    it('knows the times around a boot from the boots with lower and higher numbers', async () => {
      const { alarms, receipts } = open()
      const boots = [
        ['old', 1, 10_000],
        ['newer', 20, 90_000],
        ['sender', null, 95_000],
      ] as const
      for (const [boot, seq, serverAt] of boots) {
        const anchors = [{ monotonicMs: 500, serverAt, errorMs: 1 }]
        const id = BootId.parse(boot)
        await receipts.putTimeline(hubId, id, { anchors, datedToMs: 500, interval: null })
        if (seq !== null) await alarms.commit({ ...nothing, hubId, received: [{ ...key(seq), bootId: id }] })
      }
      const sender = BootId.parse('sender')
      expect(await receipts.neighbours(hubId, bootId, 10, sender)).toEqual({ before: 10_000, after: 89_500 })
      expect(await receipts.neighbours(hubId, bootId, 30, sender)).toEqual({ before: 90_000, after: 94_500 })
      const nobody = HubId.parse('hub-2')
      expect(await receipts.neighbours(nobody, bootId, 1, sender)).toEqual({ before: null, after: null })
    })

    it('settles the numbering of each boot when it is first heard of', async () => {
      const { alarms, receipts } = open()
      const of = async (hub: string, boot: string, firstSeq: number, others: string[] = [], earlier?: string[]) => {
        const earlierBoots = earlier?.map((name) => BootId.parse(name)) ?? null
        const sender = { bootId: BootId.parse(boot), firstSeq, earlierBoots }
        const backlog = others.map((name) => BootId.parse(name))
        return Object.fromEntries(await receipts.numberings(HubId.parse(hub), sender, backlog))
      }
      expect(await of('hub-1', 'b', 20, ['a'])).toEqual({ b: 0, a: 0 })
      const received = [{ ...key(25), bootId: BootId.parse('b') }]
      await alarms.commit({ ...nothing, hubId, received })
      expect(await of('hub-1', 'c', 26)).toEqual({ c: 0 })
      expect(await of('hub-1', 'd', 25, ['a'], ['z', 'c'])).toEqual({ d: 1, a: 0, z: 1, c: 0 })
      expect(await of('hub-1', 'z', 1, ['y'])).toEqual({ z: 1, y: 1 })
      expect(await of('hub-1', 'c', 1)).toEqual({ c: 0 })
      expect(await of('hub-2', 'c', 1)).toEqual({ c: 0 })
    })

    it('takes each request number once', () => {
      const { nonces } = open()
      expect([1, 2, 1, 3, 3].map((attempt) => nonces.take(hubId, bootId, attempt))).toEqual([
        true,
        true,
        false,
        true,
        false,
      ])
      expect(nonces.take(HubId.parse('hub-2'), bootId, 1)).toBe(true)
    })

    it.skipIf(reopen === null)('remembers all of it when opened again', async () => {
      const was = open()
      was.nonces.take(hubId, bootId, 7)
      await was.receipts.putTimeline(hubId, bootId, {
        anchors: [{ monotonicMs: 5, serverAt: 6, errorMs: 7 }],
        datedToMs: 8,
        interval: null,
      })
      await was.alarms.commit({ ...nothing, hubId, received: [key(1), key(2, null)], appends: [append(0, raised)] })
      const entries = await all(was.alarms)
      const now = await reopen?.(was)
      expect(now).toBeDefined()
      if (now === undefined) return
      expect(await all(now.alarms)).toEqual(entries)
      expect(await now.receipts.lookup(hubId, [key(1), key(1, 'other'), key(2, null), key(3)])).toEqual([
        'known',
        'forged',
        'known',
        'new',
      ])
      expect((await now.receipts.timeline(hubId, bootId)).datedToMs).toBe(8)
      expect(now.nonces.take(hubId, bootId, 7)).toBe(false)
      expect(now.nonces.take(hubId, bootId, 8)).toBe(true)
    })
  })
}
