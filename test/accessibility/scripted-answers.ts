import type { PumpView } from '#domain/live/views.ts'
import type { Picture } from '#test/support/fake-live-server.ts'
import type { FakeLiveServer } from '#test/support/fake-live-server.ts'
import { quietHistory } from '#test/support/fake-live-server.ts'
import { lind, osei } from '#test/support/live-fixtures.ts'
import { answerAdmin } from './admin-answers.ts'
import { analyticsOf, hourMs, hubDaysOf, hubLogOf, replayOf, rosterOf, sheetOf, usedBy } from './office-answers.ts'
import { adherenceOf, pumpAdherenceOf, supplyOf } from './plan-answers.ts'
import type { State } from './pictures.ts'
import { simulatorOf, simulatorsOf } from './simulator-answers.ts'

/** Half an hour of the chart has no reading. */
const inHole = (at: number, now: number): boolean => at > now - 2_400_000 && at < now - 600_000

/** Everything the screens ask for; nothing at all in the state `empty`. */
export const answerFor = (server: FakeLiveServer, state: State, picture: Picture): void => {
  const empty = state === 'empty'
  const shown: Picture = empty ? { ...picture, pumps: [], hubs: [], closed: [] } : picture
  server.phone = '+49 30 555 0134'
  server.planned = empty
    ? []
    : [{ team: 'North', place: 'primary', from: server.now() - hourMs, to: server.now() + 7 * hourMs }]
  server.devices = empty
    ? []
    : [
        {
          deviceId: 'd-1',
          name: 'Chrome on Android',
          createdAt: server.now() - 90 * hourMs,
          lastOkAt: server.now() - hourMs,
          lastShownAt: server.now() - hourMs,
          lastFailureAt: null,
          lastFailure: null,
          gone: false,
        },
        {
          deviceId: 'd-2',
          name: 'Safari on iPhone',
          createdAt: server.now() - 90 * hourMs,
          lastOkAt: null,
          lastShownAt: null,
          lastFailureAt: server.now() - hourMs,
          lastFailure: 'gone',
          gone: true,
        },
      ]
  server.onCall = {
    seesOnly: null,
    teams: server.onCall.teams.map((team) => ({
      ...team,
      nextChangeAt: server.now() + 3 * hourMs,
      gaps: state === 'flood' ? [{ from: server.now() + 3 * hourMs, to: server.now() + 5 * hourMs }] : [],
    })),
    reachability: [
      { person: osei, reach: 'reachable', reasons: [] },
      {
        person: lind,
        reach: 'doubtful',
        reasons: ['sound-not-armed', 'no-address'],
        readiness: {
          duty: 'backup',
          failing: [{ item: 'push', reason: 'new telephone, not set up yet' }],
          at: server.now() - hourMs,
        },
      },
    ],
  }
  server.roster = (query) => rosterOf(shown, query.offset, query.limit, server.now())
  server.history = (pumpId, from, to) => {
    const whole = quietHistory(pumpId as PumpView['pumpId'], from, to)
    if (empty) return { ...whole, buckets: [], lastSampleAt: null }
    return { ...whole, buckets: whole.buckets.filter(({ from: at }) => !inHole(at, server.now())) }
  }
  server.about = (pumpId) => {
    const pump = picture.pumps.find((one) => one.pumpId === pumpId)
    return {
      pumpId,
      use: empty || pump === undefined ? null : usedBy(pump, server.now()),
      events: empty
        ? []
        : [
            { at: server.now() - 2 * hourMs, uncertaintyMs: 20, event: 'rate-change', from: 1.5, to: 2 },
            { at: server.now() - hourMs, uncertaintyMs: 20, event: 'bolus-stop', from: null, to: 0.5 },
          ],
      infusionStartedAt: empty ? null : server.now() - 5 * hourMs,
      serverTime: server.now(),
    }
  }
  const answers: [string, (query: Readonly<Record<string, string>>) => unknown][] = [
    ['GET /hand-over', () => sheetOf(empty ? { ...shown, alarms: [] } : picture, server.now())],
    [
      'GET /analytics',
      ({ from, to }) => analyticsOf(Number(from), Number(to), shown.closed.length === 0 ? 0 : 180, server.now()),
    ],
    ['GET /replay', ({ at }) => replayOf(shown, Number(at), server.now())],
    ...picture.hubs
      .slice(0, 4)
      .map(({ hubId }): [string, () => unknown] => [
        `GET /hubs/${hubId}/log`,
        () => hubLogOf(hubId, empty, server.now()),
      ]),
    ['GET /supply', () => supplyOf(shown, server.now())],
    ['GET /adherence', ({ offset, limit }) => adherenceOf(shown, Number(offset), Number(limit), server.now())],
    ...shown.pumps
      .slice(0, 8)
      .map((pump): [string, () => unknown] => [
        `GET /pumps/${pump.pumpId}/adherence`,
        () => pumpAdherenceOf(pump, server.now()),
      ]),
    ['GET /hubs/days', () => hubDaysOf(shown, server.now())],
    ['GET /simulators/pumps', () => simulatorsOf(shown)],
    ...picture.pumps
      .slice(0, 6)
      .map(({ pumpId }): [string, () => unknown] => [`GET /simulators/pumps/${pumpId}`, () => simulatorOf(shown)]),
  ]
  server.answers.clear()
  for (const [path, answer] of answers) server.answers.set(path, answer)
  answerAdmin(server, state)
}
