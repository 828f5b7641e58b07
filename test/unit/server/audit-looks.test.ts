import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { unassigned } from '#domain/assignment/assignment.ts'
import { shownBy } from '#server/http/patient-looks.ts'
import { serverAdmin } from '#test/support/acts.ts'
import { openServerBench, pump1, pump2, pumpReport, testOrigin } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'

const Paths = z.record(z.string(), z.record(z.string(), z.object({ responses: z.record(z.string(), z.unknown()) })))

let bench: ServerBench

beforeEach(async () => {
  bench = await openServerBench()
  await bench.book.set(serverAdmin, pump1, 0, { ...unassigned, label: 'Bed 1', phone: '+49 30 1234567' })
  bench.heartbeat([pumpReport(pump1), pumpReport(pump2)])
})
afterEach(() => bench.close())

const get = (url: string, cookie: string) => bench.app.inject({ url: `/api/v1${url}`, headers: { cookie } })
const looks = (): readonly string[] =>
  bench.auditReader
    .find({ action: 'patient.view' }, 100)
    .map(({ actor, object }) => `${actor} ${object}`)
    .toReversed()

describe('who looked at whom', () => {
  it('is recorded once in five minutes for each person and pump', async () => {
    const nurse = await bench.signIn('nurse')
    const lead = await bench.signIn('lead')
    await get('/pumps/P-1/about', nurse)
    await get('/pumps/P-1/history?from=0&to=9', nurse)
    await get('/assignments/P-1/phone', lead)
    expect(looks()).toEqual(['u-nurse pump:P-1', 'u-lead pump:P-1'])
    bench.clock.advance(299_000)
    await get('/pumps/P-1/about', nurse)
    expect(looks()).toHaveLength(2)
    bench.clock.advance(1_000)
    await get('/pumps/P-1/about', nurse)
    expect(looks()).toEqual(['u-nurse pump:P-1', 'u-lead pump:P-1', 'u-nurse pump:P-1'])
  })

  it('is a row for each line of the list of pumps, and one row for a list of everybody', async () => {
    const nurse = await bench.signIn('nurse')
    await bench.app.inject({
      method: 'POST',
      url: '/api/v1/roster',
      headers: { cookie: nurse, origin: testOrigin },
      payload: {},
    })
    await get('/pumps', nurse)
    expect(looks()).toEqual(['u-nurse pump:P-1', 'u-nurse pump:P-2', 'u-nurse list:pumps'])
  })

  it('is not recorded of engineers, who see no patient, nor of what was not found', async () => {
    await get('/pumps/P-1/about', await bench.signIn('engineer'))
    await get('/pumps/P-9/about', await bench.signIn('nurse'))
    expect(looks()).toEqual([])
  })

  it('does not keep anybody from looking when the journal cannot store it', async () => {
    const nurse = await bench.signIn('nurse')
    bench.database.exec("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END")
    expect((await get('/pumps/P-1/about', nurse)).statusCode).toBe(200)
    expect(bench.sightings.lost).toBe(1)
    bench.database.exec('DROP TRIGGER full')
    await get('/pumps/P-1/about', nurse)
    expect(looks()).toEqual(['u-nurse pump:P-1'])
  })

  it('covers every route whose answer holds a label, a use or a number to call', async () => {
    await bench.app.ready()
    const paths = Paths.parse(bench.app.swagger().paths)
    const telling = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { responses }]) =>
        /"(label|use|phone)":/.test(JSON.stringify(responses['200'] ?? {}))
          ? [`${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`]
          : [],
      ),
    )
    // What a lead changes is recorded as a change.
    const changes = ['PUT /api/v1/assignments/:pumpId', 'DELETE /api/v1/assignments/:pumpId']
    expect(telling).toContain('POST /api/v1/roster')
    expect(telling.filter((route) => !changes.includes(route) && shownBy[route] === undefined)).toEqual([])
  })
})

describe('what is refused', () => {
  it('is recorded with the permission, once in five minutes', async () => {
    const engineer = await bench.signIn('engineer')
    await get('/colleagues', engineer)
    await get('/colleagues', engineer)
    await get('/teams', engineer)
    expect(
      bench.auditReader.find({ outcome: 'refused' }, 9).map(({ actor, action, object }) => [actor, action, object]),
    ).toEqual([
      ['u-engineer', 'permission.use', 'permission:on-call.view'],
      ['u-engineer', 'permission.use', 'permission:alarm.act'],
    ])
  })
})
