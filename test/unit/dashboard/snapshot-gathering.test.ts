import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PumpId } from '#domain/ids.ts'
import type { LiveChange, LiveUpdate, SnapshotPart } from '#domain/live/messages.ts'
import { ShownPicture } from '#dashboard/adapters/link/shown-picture.ts'
import { ServerClock } from '#dashboard/core/server-clock.ts'
import type { FromWorker } from '#dashboard/core/worker-protocol.ts'
import { SnapshotParts } from '#server/core/snapshot-parts.ts'
import { alarmOf, pumpOf, someTime } from '#test/support/live-fixtures.ts'

const id = (at: number): PumpId => PumpId.parse(`pump-${at}`)

/** A server whose picture changes while it is told. */
const changingServer = () => {
  const alarms = new Map([0, 1, 2, 3, 4, 5].map((at) => [`ep-${at}`, alarmOf(`ep-${at}`, { pumpId: id(at) })]))
  const pumps = new Map(Array.from({ length: 20 }, (_, at) => [id(at), pumpOf(id(at))]))
  let seq = 0
  const at = () => ({ epoch: 'epoch-1', seq })
  return {
    alarms,
    pumps,
    source: {
      snapshot: () => ({
        at: at(),
        serverAt: someTime,
        alarms: [...alarms.values()],
        pumps: [...pumps.values()],
        hubs: [],
        paged: [],
      }),
      pump: (pumpId: PumpId) => pumps.get(pumpId) ?? null,
      hub: () => null,
    },
    change: (wish: number): LiveUpdate => {
      seq += 1
      const changes: LiveChange[] = []
      const alarm = alarmOf(`ep-${wish % 9}`, { pumpId: id(wish % 9), version: seq })
      if (wish % 3 === 0 && alarms.delete(alarm.episodeId))
        changes.push({ kind: 'alarm-closed', episodeId: alarm.episodeId })
      else if (wish % 3 === 1) {
        const pump = pumpOf(id(wish % 25), { label: `label ${seq}` })
        pumps.set(pump.pumpId, pump)
        changes.push({ kind: 'pump', pump })
      } else {
        alarms.set(alarm.episodeId, alarm)
        changes.push({ kind: 'alarm', alarm })
      }
      return { at: at(), serverAt: someTime, changes }
    },
  }
}

const page = () => {
  const told: FromWorker[] = []
  return { told, picture: new ShownPicture((message) => told.push(message), new ServerClock()) }
}

const partOf = (part: number, overrides: Partial<SnapshotPart> = {}): SnapshotPart => ({
  at: { epoch: 'epoch-1', seq: 0 },
  serverAt: someTime,
  part,
  alarms: [],
  pumps: [],
  hubs: [],
  paged: [],
  alarmsWhole: true,
  whole: true,
  pumpCount: 0,
  ...overrides,
})

describe('W17: a snapshot that comes in parts', () => {
  it('makes the same picture as the server’s, whatever changes between its parts', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(74), { maxLength: 3 }), { minLength: 1, maxLength: 12 }), (between) => {
        const server = changingServer()
        const { told, picture } = page()
        const parts = new SnapshotParts(server.source)
        for (let at = 0; ; at++) {
          const part = parts.next(4)
          if (part === null) break
          expect(picture.part(part)).toBe(true)
          for (const wish of between[at % between.length] ?? []) expect(picture.update(server.change(wish))).toBe(true)
        }
        const alarms = new Map<string, unknown>()
        const pumps = new Map<string, { readonly label: string | null }>()
        for (const message of told)
          if (message.kind === 'snapshot' || message.kind === 'fleet-part') {
            if (message.kind === 'snapshot') for (const alarm of message.alarms) alarms.set(alarm.episodeId, alarm)
            for (const pump of message.pumps) pumps.set(pump.pumpId, pump)
            if (message.kind === 'fleet-part') for (const gone of message.gone.pumpIds) pumps.delete(gone)
          } else if (message.kind === 'changes')
            for (const change of message.changes)
              if (change.kind === 'alarm') alarms.set(change.alarm.episodeId, change.alarm)
              else if (change.kind === 'alarm-closed') alarms.delete(change.episodeId)
              else if (change.kind === 'pump') pumps.set(change.pump.pumpId, change.pump)
        expect(alarms).toEqual(server.alarms)
        expect(new Map([...pumps].map(([key, { label }]) => [key, label]))).toEqual(
          new Map([...server.pumps].map(([key, { label }]) => [key, label])),
        )
      }),
    )
  })

  it('leaves the alarms that are shown as they are until the last of the new ones is told, and then changes all at once', () => {
    const { told, picture } = page()
    picture.part(partOf(0, { alarms: [alarmOf('old')] }))
    told.length = 0
    picture.part(partOf(0, { alarms: [alarmOf('new-1')], alarmsWhole: false, whole: false }))
    expect(told).toEqual([])
    expect(picture.isWaiting).toBe(true)
    picture.part(partOf(1, { alarms: [alarmOf('new-2')] }))
    expect(told).toMatchObject([
      { kind: 'snapshot', alarms: [{ episodeId: 'new-1' }, { episodeId: 'new-2' }] },
      { kind: 'fleet-part' },
      { kind: 'fleet' },
    ])
  })

  it('drops a pump that was in no part only after the last part', () => {
    const { told, picture } = page()
    picture.part(partOf(0, { pumps: [pumpOf(id(1)), pumpOf(id(2))], pumpCount: 2 }))
    told.length = 0
    picture.part(partOf(0, { pumps: [pumpOf(id(1))], whole: false, pumpCount: 2 }))
    expect(told).toMatchObject([{ kind: 'snapshot' }, { kind: 'fleet-part', toCome: 1, gone: { pumpIds: [] } }])
    picture.part(partOf(1, { pumps: [pumpOf(id(3))], pumpCount: 2 }))
    expect(told.slice(2)).toMatchObject([
      { kind: 'fleet-part', toCome: 0, gone: { pumpIds: [id(2)] } },
      { kind: 'fleet' },
    ])
  })

  it('is asked for anew when the line broke on the way, and a part of another one is not taken', () => {
    const { told, picture } = page()
    picture.part(partOf(0, { alarms: [alarmOf('one')], whole: false, pumpCount: 9 }))
    expect(picture.at).toBeNull()
    told.length = 0
    picture.part(partOf(4))
    expect(told).toEqual([])
    picture.part(partOf(0))
    expect(picture.at).toEqual({ epoch: 'epoch-1', seq: 0 })
  })

  it('asks for a new one when an update that waited does not follow', () => {
    const { picture } = page()
    picture.part(partOf(0, { alarmsWhole: false, whole: false }))
    picture.update({
      at: { epoch: 'epoch-1', seq: 5 },
      serverAt: someTime,
      changes: [{ kind: 'alarm', alarm: alarmOf('x') }],
    })
    expect(picture.part(partOf(1))).toBe(false)
  })
})
