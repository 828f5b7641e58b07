import type { HandOverSheet } from '#domain/hand-over/sheet.ts'
import type { Analytics, AlarmBurden } from '#domain/live/analytics.ts'
import type { HubId } from '#domain/ids.ts'
import type { HubDays } from '#domain/live/hub-days.ts'
import type { HubLog } from '#domain/live/hub-log.ts'
import type { PumpAbout } from '#domain/live/pump-about.ts'
import type { Replay } from '#domain/live/replay.ts'
import type { Roster } from '#domain/live/roster.ts'
import type { PumpView } from '#domain/live/views.ts'
import { defaultTeam } from '#domain/on-call/duty.ts'
import type { Picture } from '#test/support/fake-live-server.ts'
import { lind, osei } from '#test/support/live-fixtures.ts'
import { longDrug } from './pictures.ts'

// What the server says on request to the screens beside the wall.

export const hourMs = 3_600_000
const duty = { teamId: defaultTeam, primary: osei, backup: lind, lead: lind }

export const usedBy = (pump: PumpView, now: number): NonNullable<PumpAbout['use']> => ({
  since: now - 400 * hourMs,
  teamId: defaultTeam,
  teamName: 'North',
  therapy: pump.criticality === 'critical' ? 'pain' : null,
  timeZone: 'Europe/Lisbon',
  hasPhone: true,
  run: { startsAt: now - 2 * hourMs, endsAt: now + 6 * hourMs },
  nextRun: { startsAt: now + 20 * hourMs, endsAt: now + 28 * hourMs },
})

export const rosterOf = (picture: Picture, offset: number, limit: number, now: number): Roster => ({
  rows: picture.pumps.slice(offset, offset + limit).map((pump, at) => ({
    pump,
    channelId: null,
    hubName: pump.hubId,
    use: at % 3 === 0 ? null : usedBy(pump, now),
    useVersion: 1,
    endsAt: now + 4 * hourMs,
    batteryUntil: at % 4 === 0 ? now + hourMs : null,
    adherence: at % 8 === 5 ? 'missed' : null,
    alike: at === 1 ? [{ pumpId: pump.pumpId, label: 'South-east 20' }] : [],
  })),
  offset,
  matched: picture.pumps.length,
  total: picture.pumps.length,
  untold: 4,
  until: now + 5 * hourMs,
  teams: [{ teamId: defaultTeam, name: 'North' }],
  serverTime: now,
})

export const sheetOf = (picture: Picture, now: number): HandOverSheet => ({
  teamId: defaultTeam,
  name: 'North',
  timeZone: 'UTC',
  now: duty,
  next: { at: now + 3 * hourMs, duty: { ...duty, primary: lind, backup: osei } },
  alarms: picture.alarms.slice(0, 14).map((alarm, at) => ({
    alarm,
    label: picture.pumps.find(({ pumpId }) => pumpId === alarm.pumpId)?.label ?? null,
    lastAct: { at: alarm.startedAt, what: 'opened', by: null, detail: {} },
    triage:
      at === 0
        ? {
            version: 1,
            at: now - 60_000,
            by: lind,
            record: {
              calledAt: now - 60_000,
              spokeTo: 'nobody-reached',
              finding: null,
              action: 'called twice, left a message',
              outcome: '',
              class: null,
            },
          }
        : null,
  })),
  watched: picture.pumps.slice(30, 32).map(({ pumpId, label }, at) => ({
    pumpId,
    label,
    owner: at === 0 ? osei : lind,
    since: now - hourMs,
    note: `If the bag of ${longDrug} runs out before six, then call the carer`,
    offeredTo: at === 0 ? null : osei,
  })),
  accepted: { by: osei, at: now - 5 * hourMs },
  leftOpen: [{ person: lind, shiftEndedAt: now - hourMs, alarms: 2, pumps: 1 }],
  serverTime: now,
})

const spread = { count: 120, median: 41_000, p90: 160_000, p95: 240_000, max: 900_000 }
const burden = (key: string, alarms: number): AlarmBurden => ({
  key,
  alarms,
  high: Math.round(alarms * 0.2),
  medium: Math.round(alarms * 0.3),
  low: Math.round(alarms * 0.5),
  durationMs: spread,
  toSeenMs: spread,
  toAcceptedMs: spread,
  toResolvedMs: spread,
  accepted: Math.round(alarms * 0.8),
  recurrences: 14,
  cameBack: 9,
  chattering: 3,
  standing: 1,
  judged: Math.round(alarms * 0.6),
  trueAndActed: 0.5,
  trueNotRelevant: 0.3,
  false: 0.2,
  pagesPerAccepted: 1.4,
  nightShare: 0.3,
  completenessPercent: null,
})

export const analyticsOf = (from: number, to: number, total: number, now: number): Analytics => ({
  from,
  to,
  by: 'code',
  simulated: true,
  total: burden('-', total),
  rows:
    total === 0
      ? []
      : [
          burden('occlusion-downstream', 90),
          burden('battery-low', 61),
          burden('air-in-line', 22),
          burden('link-lost-pump', 7),
        ],
  load: {
    bucketMs: (to - from) / 48,
    nurses: 2,
    perNurseHour: total === 0 ? null : 1.2,
    floodShare: total === 0 ? null : 0.02,
    mostInTenMinutes: total === 0 ? 0 : 14,
    buckets: Array.from({ length: 48 }, (_, at) => ({
      from: Math.round(from + ((to - from) * at) / 48),
      high: total === 0 ? 0 : at % 5,
      medium: total === 0 ? 0 : at % 7,
      low: total === 0 ? 0 : at % 9,
      most: total === 0 ? 0 : at % 12,
    })),
  },
  baselines: [{ figure: 'alarms-per-nurse-hour', value: 6, unit: 'per hour', source: 'EEMUA 191' }],
  serverTime: now,
})

export const hubDaysOf = (picture: Picture, now: number): HubDays => ({
  slotMs: 300_000,
  to: now - (now % 300_000),
  hubs: picture.hubs.map(({ hubId }, at) => ({
    hubId,
    slots: at === 2 ? 'h'.repeat(284) + 'ssss' : `${'.'.repeat(20)}${'h'.repeat(200)}ppH${'h'.repeat(60)}sPhhh`,
    network: `192.0.2.0/${at < 3 ? 24 : 25}`,
    drain: { alarmPerMinute: 0, telemetryPerMinute: at === 4 ? -12 : 40 },
    delays: {
      alarm: { count: 12, p50Ms: 220, p95Ms: 900, maxMs: 2_100 },
      telemetry: { count: 900, p50Ms: 400, p95Ms: 1_200, maxMs: 60_000 },
    },
    acts: at === 2 ? [{ kind: 'note', at: now - 600_000 }] : [],
  })),
  serverTime: now,
})

export const hubLogOf = (hubId: HubId, empty: boolean, now: number): HubLog => ({
  entries: empty
    ? []
    : [
        {
          hubId,
          kind: 'ticket',
          text: 'Provider asked, number 4711: the line is out in the whole street.',
          by: lind,
          at: now - 600_000,
        },
        { hubId, kind: 'visit', text: 'Plug was out of the socket.', by: osei, at: now - 9 * hourMs },
      ],
  serverTime: now,
})

export const replayOf = (picture: Picture, at: number, now: number): Replay => ({
  at,
  alarms: picture.alarms.slice(0, 8).map((alarm) => ({ ...alarm, startedAt: at - 60_000, observedAt: at - 60_000 })),
  pumps: picture.pumps.map(({ pumpId, hubId, label, criticality }, index) => ({
    pumpId,
    hubId,
    label,
    criticality,
    linkLostSince: index === 7 ? at - 600_000 : null,
    hubLostSince: null,
    toldAt: at - 5_000,
  })),
  silentHubs: picture.hubs.slice(2, 3).map(({ hubId }) => ({ hubId, since: at - 900_000 })),
  serverTime: now,
})
