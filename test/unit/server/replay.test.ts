import { fullSight } from '#server/core/sight.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alarmEngine } from '#domain/alarm/engine.ts'
import { unassigned } from '#domain/assignment/assignment.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { instant } from '#domain/time.ts'
import { createTimeMachine } from '#server/core/replay.ts'
import { fold } from '#test/support/alarm-spec.ts'
import {
  hub1,
  occlusion,
  openServerBench,
  pump1,
  pump2,
  pumpReport,
  type ServerBench,
} from '#test/support/server-bench.ts'

const person = { userId: 'u-1' as never, name: 'm.osei' }
const byId = (alarms: readonly AlarmView[]): readonly AlarmView[] =>
  alarms.toSorted((a, b) => (a.episodeId < b.episodeId ? -1 : 1))
const machineOf = (bench: ServerBench) =>
  createTimeMachine({
    engine: alarmEngine,
    archive: bench.states,
    scheduler: { after: (_ms, task) => (task(), () => undefined) },
    labelsAt: async () => new Map([[pump1, 'Bed 1']]),
  })

const step = fc.record({
  what: fc.constantFrom('start', 'end', 'list', 'link-down', 'link-up', 'accept', 'reject', 'resolve', 'tick', 'keep'),
  pump: fc.constantFrom(pump1, pump2),
  id: fc.integer({ min: 1, max: 3 }),
  waitMs: fc.constantFrom(1, 900, 20_000, 70_000, 4_000_000),
})

describe('a look back', () => {
  it('shows what every screen showed at that moment, for any story', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
        const bench = await openServerBench()
        const seen: { at: number; alarms: readonly AlarmView[] }[] = []
        for (const [index, { what, pump, id, waitMs }] of steps.entries()) {
          const episodeId = `${pump}-${id}` as never
          const version = bench.picture.openAlarms().find((alarm) => alarm.episodeId === episodeId)?.version ?? 0
          const act = { episodeId, expectedVersion: version, requestId: `request-${index}` }
          if (what === 'start')
            await bench.condition(
              pump,
              occlusion(episodeId, id === 3 ? { priority: 'medium', code: 'temperature' } : {}),
            )
          if (what === 'end') await bench.condition(pump, occlusion(episodeId, { phase: 'end', state: 'inactive' }))
          if (what === 'list') await bench.snapshot(pump, [])
          if (what === 'link-down' || what === 'link-up') await bench.event(pump, what)
          if (what === 'accept') await bench.alarms.desk.act(person, { ...act, kind: 'accept' })
          if (what === 'reject') await bench.alarms.desk.act(person, { ...act, kind: 'reject', reason: 'busy' })
          if (what === 'resolve')
            await bench.alarms.desk.act(person, { ...act, kind: 'resolve', class: 'false', finding: 'none', note: '' })
          if (what === 'tick') await bench.alarms.tick()
          if (what === 'keep') {
            const subject = { kind: 'pump', pumpId: pump } as const
            const events = bench.states.tail(subject, 0)
            bench.states.keep([{ subject, version: events.length, state: fold(events) }], [])
          }
          seen.push({ at: bench.clock.now(), alarms: byId(bench.picture.openAlarms()) })
          bench.clock.advance(waitMs)
        }
        const machine = machineOf(bench)
        for (const { at, alarms } of seen)
          expect(byId((await machine.at(instant(at), fullSight)).alarms)).toEqual(alarms)
        await bench.close()
      }),
      { numRuns: 25 },
    )
  })

  it('gives for a fixed journal a fixed answer', async () => {
    const bench = await openServerBench()
    bench.heartbeat([pumpReport(pump1)])
    const began = bench.clock.now()
    await bench.condition(pump1, occlusion('ep-1'))
    bench.clock.advance(5000)
    await bench.alarms.desk.act(person, {
      kind: 'accept',
      episodeId: 'ep-1' as never,
      expectedVersion: 0,
      requestId: 'request-1',
    })
    bench.clock.advance(5000)
    await bench.event(pump1, 'link-down')
    bench.clock.advance(5000)
    await bench.condition(pump1, occlusion('ep-1', { phase: 'end', state: 'inactive' }))
    const machine = machineOf(bench)
    expect(await machine.at(instant(began - 1), fullSight)).toEqual({
      at: began - 1,
      alarms: [],
      pumps: [],
      silentHubs: [],
    })
    expect(await machine.at(instant(began + 4999), fullSight)).toMatchObject({
      alarms: [{ episodeId: 'ep-1', condition: 'active', response: 'new', owner: null, version: 0 }],
      pumps: [
        {
          pumpId: pump1,
          hubId: hub1,
          label: 'Bed 1',
          criticality: 'unknown',
          linkLostSince: null,
          hubLostSince: null,
          toldAt: began,
        },
      ],
    })
    expect(await machine.at(instant(began + 12_000), fullSight)).toMatchInlineSnapshot(`
      {
        "alarms": [
          {
            "acceptedAt": 1767600005000,
            "channelId": "1",
            "checkInMissedAt": null,
            "checkedAt": 1767600005000,
            "code": "occlusion-downstream",
            "condition": "unverified",
            "confirmed": true,
            "criticality": "unknown",
            "endUnobserved": false,
            "endedAt": null,
            "episodeId": "ep-1",
            "escalated": null,
            "experimental": false,
            "formerOwner": null,
            "handedAt": null,
            "handedTo": null,
            "hubId": "hub-1",
            "late": false,
            "next": {
              "dueAt": 1767600305000,
              "step": "check-in",
            },
            "observedAt": 1767600000000,
            "owner": {
              "name": "m.osei",
              "userId": "u-1",
            },
            "ownerGoneAt": null,
            "priority": "high",
            "priorityRaised": false,
            "prioritySource": "pump",
            "pumpId": "P-1",
            "recurrence": 0,
            "recurring": false,
            "rejections": [],
            "resolved": null,
            "response": "accepted",
            "shelved": null,
            "simulated": false,
            "startedAt": 1767600000000,
            "uncertaintyMs": 0,
            "unverifiedPumps": [],
            "vendorText": "DOWN OCC",
            "version": 1,
          },
          {
            "acceptedAt": null,
            "channelId": null,
            "checkInMissedAt": null,
            "checkedAt": null,
            "code": "link-lost-pump",
            "condition": "active",
            "confirmed": true,
            "criticality": "unknown",
            "endUnobserved": false,
            "endedAt": null,
            "episodeId": "derived-1",
            "escalated": null,
            "experimental": false,
            "formerOwner": null,
            "handedAt": null,
            "handedTo": null,
            "hubId": "hub-1",
            "late": false,
            "next": null,
            "observedAt": 1767600010000,
            "owner": null,
            "ownerGoneAt": null,
            "priority": "high",
            "priorityRaised": true,
            "prioritySource": "server",
            "pumpId": "P-1",
            "recurrence": 0,
            "recurring": false,
            "rejections": [],
            "resolved": null,
            "response": "new",
            "shelved": null,
            "simulated": false,
            "startedAt": 1767600010000,
            "uncertaintyMs": 0,
            "unverifiedPumps": [],
            "vendorText": "silent",
            "version": 0,
          },
        ],
        "at": 1767600012000,
        "pumps": [
          {
            "criticality": "unknown",
            "hubId": "hub-1",
            "hubLostSince": null,
            "label": "Bed 1",
            "linkLostSince": 1767600010000,
            "pumpId": "P-1",
            "toldAt": 1767600000000,
          },
        ],
        "silentHubs": [],
      }
    `)
    await bench.close()
  })
})

describe('GET /api/v1/replay', () => {
  it('has the label of that time, for roles that may see labels', async () => {
    const bench = await openServerBench()
    await bench.condition(pump1, occlusion('ep-1'))
    await bench.book.set(person, pump1, 0, { ...unassigned, label: 'Home 12' })
    const then = bench.clock.now()
    bench.clock.advance(60_000)
    await bench.book.set(person, pump1, 1, { ...unassigned, label: 'Home 13' })
    const labels = async (at: number, role: 'nurse' | 'engineer') => {
      const cookie = await bench.signIn(role)
      const answer = await bench.app.inject({ url: `/api/v1/replay?at=${at}`, headers: { cookie } })
      return answer.json<{ pumps: { label: string | null }[] }>().pumps.map(({ label }) => label)
    }
    expect(await labels(then, 'nurse')).toEqual(['Home 12'])
    expect(await labels(bench.clock.now(), 'nurse')).toEqual(['Home 13'])
    expect(await labels(then, 'engineer')).toEqual([null])
    await bench.close()
  })

  it('answers people who may watch, for the past only', async () => {
    const bench = await openServerBench()
    await bench.condition(pump1, occlusion('ep-1'))
    const get = (at: number, cookie = '') => bench.app.inject({ url: `/api/v1/replay?at=${at}`, headers: { cookie } })
    const now = bench.clock.now()
    expect((await get(now)).statusCode).toBe(401)
    expect((await get(now, await bench.signIn('admin'))).statusCode).toBe(403)
    const nurse = await bench.signIn('nurse')
    expect((await get(now, nurse)).json()).toMatchObject({ at: now, alarms: [{ episodeId: 'ep-1' }], serverTime: now })
    expect((await get(now - 1, nurse)).json()).toMatchObject({ alarms: [] })
    expect((await get(now + 1, nurse)).json()).toMatchObject({ code: 'invalid_request' })
    await bench.close()
  })
})
