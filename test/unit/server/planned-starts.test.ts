import { afterEach, beforeEach, expect, it } from 'vitest'
import { unassigned } from '#domain/assignment/assignment.ts'
import type { AssignmentDetails } from '#domain/assignment/assignment.ts'
import { Plan } from '#domain/assignment/plan.ts'
import { EpisodeId, UserId } from '#domain/ids.ts'
import { TimeZone } from '#domain/on-call/local-time.ts'
import { derivedAlarms } from '#server/compose/derived.ts'
import type { Derived } from '#server/compose/derived.ts'
import { openServerBench, pump1, pumpReport } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'

const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const planAt = (at: string): Plan => Plan.parse({ starts: [{ weekdays: everyDay, at, durationMinutes: 60 }] })

let bench: ServerBench
let derived: Derived
let details: AssignmentDetails
let validFrom: number

const open = () => bench.picture.openAlarms().map(({ code, condition }) => `${code} ${condition}`)
const passes = async (minutes: number): Promise<void> => {
  for (let minute = 0; minute < minutes; minute += 1) {
    bench.heartbeat([pumpReport(pump1)])
    await bench.clock.advanceAsync(60_000)
  }
}

beforeEach(async () => {
  bench = await openServerBench({
    assignments: new Map([[pump1, { label: null, criticality: 'standard' as const }]]),
  })
  bench.heartbeat([pumpReport(pump1)])
  await bench.snapshot(pump1)
  validFrom = bench.clock.now()
  let episodes = 0
  derived = derivedAlarms({
    alarms: bench.alarms,
    picture: bench.picture,
    assignments: {
      get: () => details,
      all: () => [
        {
          pumpId: pump1,
          version: 1,
          validFrom,
          validTo: null,
          details,
          changedBy: { userId: UserId.parse('u-1'), name: 'Kim' },
        },
      ],
      onChange: () => () => undefined,
    },
    telemetry: bench.telemetry,
    dataDir: '.',
    facilityTimeZone: 'UTC',
    clock: bench.clock,
    scheduler: bench.clock,
    newEpisodeId: () => EpisodeId.parse(`p-${(episodes += 1)}`),
    log: bench.log,
  })
})
afterEach(async () => {
  await derived[Symbol.asyncDispose]()
  await bench.close()
})

/** The clock of a home in this time zone so many minutes from now, hh:mm. */
const localTimeIn = (minutes: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(
    bench.clock.now() + minutes * 60_000,
  )

it("is missed by the clock of the patient's home, and is over when it is planned for later", async () => {
  const timeZone = TimeZone.parse('Asia/Kathmandu')
  details = { ...unassigned, timeZone, plan: planAt(localTimeIn(10, timeZone)) }
  derived.start()
  await passes(39)
  expect(open()).toEqual([])
  await passes(4)
  expect(open()).toEqual(['missed-start active'])
  // Another label is no other plan.
  details = { ...details, label: 'Bed 2' }
  validFrom = bench.clock.now()
  await passes(2)
  expect(open()).toEqual(['missed-start active'])
  details = { ...details, plan: planAt(localTimeIn(120, timeZone)) }
  await passes(2)
  expect(open()).toEqual(['missed-start ended'])
})

it('is not missed when it came before anybody had planned it', async () => {
  details = { ...unassigned, plan: planAt(localTimeIn(-60, 'UTC')) }
  derived.start()
  await passes(60)
  expect(open()).toEqual([])
})

it("without a time zone of its own goes by the facility's", async () => {
  details = { ...unassigned, plan: planAt(localTimeIn(10, 'UTC')) }
  derived.start()
  await passes(43)
  expect(open()).toEqual(['missed-start active'])
})
