import { ChannelId, EpisodeId, HubId, PumpId } from '#domain/ids.ts'
import type { AlarmView, PumpView } from '#domain/live/views.ts'
import { pagedOf, alarmOf, hubOf, lind, osei, pumpOf, sampleOf } from '#test/support/live-fixtures.ts'
import type { Picture } from '#test/support/fake-live-server.ts'

// What the server shows in each state that every screen is looked at in.

export const states = ['empty', 'normal', 'flood', 'not-live'] as const
export type State = (typeof states)[number]

const minuteMs = 60_000
export const pumpAt = (at: number): PumpId => PumpId.parse(`P-${String(at).padStart(4, '0')}`)
export const hubAt = (at: number): HubId => HubId.parse(`hub-${at}`)
const pumpsOfHub = 6

/** The longest that a pharmacy writes on a bag. */
export const longDrug = 'dexmedetomidine hydrochloride 4 microgram/mL in NaCl 0.9 %'

const drugs = ['morphine 1 mg/mL', 'HYDROmorphone 0.2 mg/mL', longDrug, 'milrinone 200 microgram/mL']

const pumpNumber = (at: number, now: number): PumpView => {
  const silent = at % 11 === 7
  return pumpOf(pumpAt(at), {
    label: at % 9 === 8 ? null : `${at % 2 === 0 ? 'North' : 'South-east'} ${at + 1}`,
    criticality: at % 5 === 0 ? 'critical' : 'standard',
    hubId: hubAt(Math.floor(at / pumpsOfHub)),
    statusIntervalMs: 10_000,
    sampledAt: now - (silent ? 20 * minuteMs : 500),
    receivedAt: now - (silent ? 20 * minuteMs : 300),
    link: silent ? 'lost' : 'up',
    caution: at === 3 ? 'This pump does not tell its line pressure.' : null,
    sample: sampleOf({ drugLabel: drugs[at % drugs.length] ?? null, batteryPercent: at % 7 === 2 ? null : 64 }),
    otherChannels:
      at === 4
        ? [
            {
              sample: sampleOf({ channelId: ChannelId.parse('2'), rateMlPerHour: 5.5 }),
              sampledAt: now - 500,
              receivedAt: now - 300,
              uncertaintyMs: 0,
            },
          ]
        : [],
  })
}

const fleet = (pumps: number, now: number): Pick<Picture, 'pumps' | 'hubs'> => ({
  pumps: Array.from({ length: pumps }, (_, at) => pumpNumber(at, now)),
  hubs: Array.from({ length: Math.ceil(pumps / pumpsOfHub) }, (_, at) =>
    hubOf(hubAt(at), {
      name: `H-${String(at).padStart(3, '0')}`,
      state: at === 2 ? 'lost' : 'live',
      lastHeardAt: now - (at === 2 ? 19 * minuteMs : 400),
      pumpIds: Array.from({ length: Math.min(pumpsOfHub, pumps - at * pumpsOfHub) }, (__, one) =>
        pumpAt(at * pumpsOfHub + one),
      ),
    }),
  ),
})

const began = (now: number, seconds: number): Pick<AlarmView, 'startedAt' | 'observedAt'> => ({
  startedAt: now - seconds * 1_000,
  observedAt: now - seconds * 1_000 + 200,
})

/** Every state of a row (dashboard.md 6), each once. */
const everyRow = (now: number): readonly AlarmView[] => {
  const on = (id: string, pump: number, seconds: number, more: Partial<AlarmView> = {}): AlarmView =>
    alarmOf(id, { pumpId: pumpAt(pump), hubId: hubAt(Math.floor(pump / pumpsOfHub)), ...began(now, seconds), ...more })
  const lindHas = { response: 'accepted', owner: lind, acceptedAt: now - 60_000 } as const
  const oseiHas = { response: 'accepted', owner: osei, acceptedAt: now - 400_000 } as const
  return [
    on('new-high', 5, 48, { criticality: 'critical' }),
    on('seen-high', 2, 95, { code: 'air-in-line', response: 'seen', recurrence: 3, recurring: true }),
    on('raised', 10, 3_700, {
      code: 'infusion-near-complete',
      priorityRaised: true,
      escalated: { by: lind, to: null, at: now - 30_000 },
    }),
    on('second-channel', 4, 20, { channelId: ChannelId.parse('2'), uncertaintyMs: 9_000, criticality: 'unknown' }),
    on('latched', 6, 700, { code: 'occlusion-upstream', condition: 'latched', endedAt: now - 200_000 }),
    on('taken', 9, 300, lindHas),
    on('declined', 11, 130, {
      code: 'battery-low',
      priority: 'medium',
      response: 'rejected',
      rejections: [{ by: lind, reason: 'on another call until the ambulance has come', at: now - 20_000 }],
    }),
    on('mine', 12, 500, {
      code: 'battery-low',
      priority: 'medium',
      ...oseiHas,
      checkInMissedAt: now - 5_000,
      next: { step: 'lapse', dueAt: now + 55_000 },
    }),
    on('unheard', 7, 240, { code: 'link-lost-pump', priority: 'medium', condition: 'unverified' }),
    alarmOf('hub', {
      ...began(now, 1_000),
      pumpId: null,
      channelId: null,
      hubId: hubAt(2),
      code: 'link-lost-hub',
      priority: 'medium',
      unverifiedPumps: [12, 13, 14, 15, 16, 17].map(pumpAt),
    }),
    on('offered', 20, 410, {
      priority: 'medium',
      code: 'device-text',
      vendorText: 'E-4711 CHECK CASSETTE LATCH AND RESTART FROM PROGRAM SCREEN 3',
      ...lindHas,
      response: 'handed-over',
      handedTo: osei,
      handedAt: now - 30_000,
    }),
    on('late', 21, 1_500, { code: 'reservoir-low', priority: 'medium', late: true, confirmed: false }),
    on('ended-unanswered', 22, 800, {
      code: 'battery-low',
      priority: 'medium',
      condition: 'ended',
      endedAt: now - 100_000,
    }),
    on('ended-taken', 23, 840, { condition: 'ended', endedAt: now - 60_000, ...oseiHas }),
    ...[24, 25, 26, 27, 28].map((pump) =>
      on(`low-${pump}`, pump, 900 + pump, { code: 'reservoir-low', priority: 'low' }),
    ),
    on('shelved', 29, 2_000, {
      code: 'reservoir-low',
      priority: 'low',
      shelved: { by: lind, reason: 'The carer brings a bag at six.', at: now - 60_000, until: now + 1_500_000 },
    }),
  ]
}

const flood = (now: number): readonly AlarmView[] => {
  const many = (count: number, from: number, kind: Pick<AlarmView, 'priority' | 'code'>): readonly AlarmView[] =>
    Array.from({ length: count }, (_, at) =>
      alarmOf(`${kind.priority}-${at}`, {
        ...kind,
        ...began(now, 20 + at * 9),
        pumpId: pumpAt(from + at),
        hubId: hubAt(Math.floor((from + at) / pumpsOfHub)),
        ...(at % 6 === 5 ? { response: 'accepted', owner: lind, acceptedAt: now - 5_000 } : {}),
      }),
    )
  return [
    ...many(14, 0, { priority: 'high', code: 'occlusion-downstream' }),
    ...many(18, 30, { priority: 'medium', code: 'battery-low' }),
    ...many(20, 60, { priority: 'low', code: 'reservoir-low' }),
  ]
}

const pastOf = (now: number): readonly AlarmView[] =>
  Array.from({ length: 14 }, (_, at) => {
    const startedAt = now - (at + 2) * 3_600_000
    const endedAt = startedAt + 240_000
    return alarmOf(`past-${at}`, {
      pumpId: pumpAt(at),
      code: at % 3 === 0 ? 'battery-low' : 'occlusion-downstream',
      priority: at % 3 === 0 ? 'medium' : 'high',
      condition: 'closed',
      response: 'closed',
      owner: at % 2 === 0 ? osei : lind,
      acceptedAt: startedAt + 50_000,
      startedAt,
      observedAt: startedAt + 300,
      endedAt,
      resolved: { class: 'true-and-acted', finding: 'kink-or-clamp', note: '', by: osei, at: endedAt },
    })
  })

/** Few pumps stand as large tiles, more as compact ones, many as the map. */
export const pictureOf = (state: State, now: number): Picture => {
  switch (state) {
    case 'empty':
      return { ...fleet(12, now), alarms: [], closed: [] }
    case 'normal':
    case 'not-live':
      return {
        ...fleet(60, now),
        alarms: everyRow(now),
        closed: pastOf(now),
        paged: [
          pagedOf('new-high', {
            last: { name: 'm.osei', place: 'primary', at: now - 18_000, progress: 'heard' },
            next: { step: 'again', dueAt: now + 42_000 },
          }),
          pagedOf('raised', {
            last: { name: 'j.lind', place: 'backup', at: now - 9_000, progress: 'failed' },
            beyond: [{ userId: lind.userId, place: 'backup' }],
            next: { step: 'lead', dueAt: now + 91_000 },
          }),
        ],
      }
    case 'flood':
      return { ...fleet(300, now), alarms: flood(now), closed: pastOf(now) }
  }
}

export const someEpisode = EpisodeId.parse('taken')
