import { advice } from '#domain/alarm/advice.ts'
import { catalogue } from '#domain/alarm/catalogue.ts'
import type { AlarmCode } from '#domain/alarm/codes.ts'
import type { HubCondition } from '#domain/uplink/envelope.ts'
import type { LocalReason } from './local-alarm.ts'
import type { Finding, Line, PlainInput } from './plain-view.ts'

/** Two missed heartbeats and a little; in known trouble sooner, ms. */
const noConnectionMs = 25_000
const noConnectionInTroubleMs = 10_000
/** Alarms usually need a second. */
const alarmsWaitMs = 10_000

const pumpAlarmWorks = { text: 'The pump’s own alarm still works. Rely on it.' }
const alarmsAreKept = { text: 'Alarms are kept in this box and sent later.' }

/** Vendor texts may hold anything, so an alarm outside the catalogue is not quoted. */
export const nameOf = (code: AlarmCode): string =>
  code === 'device-text' ? 'an alarm that this box does not know' : catalogue[code].name

const reports = (port: string, code: AlarmCode): Line => ({ text: `The pump at “${port}” reports: ${nameOf(code)}` })

/** Whatever makes the hub sound. */
export const callNow = ({ local, nowMs }: PlainInput): readonly Finding[] => {
  if (local.reasons.length === 0) return []
  const lines = local.reasons.flatMap((reason) => reasonLines(reason, nowMs))
  const follow = { text: 'Look at the pump’s screen and do what your team taught you. Tell the nurse what it says.' }
  return [{ mood: 'call', title: { text: 'Call your nurse line now' }, lines: [...lines.slice(0, 6), follow] }]
}

const reasonLines = (reason: LocalReason, nowMs: number): readonly Line[] => {
  switch (reason.kind) {
    case 'not-accepted': {
      const sinceMs = nowMs - reason.alarm.sinceMs
      return [reports(reason.alarm.port, reason.alarm.code), { text: 'No nurse has answered this alarm', sinceMs }]
    }
    case 'no-answer':
      return [reports(reason.alarm.port, reason.alarm.code), { text: 'This box cannot reach the nurses.' }]
    case 'pump-lost':
      return [
        {
          text: `The pump at “${reason.port}” was running. This box has not heard it`,
          sinceMs: Math.max(0, nowMs - reason.sinceMs),
        },
        { text: 'Nobody could be told, because there is no connection to the server.' },
      ]
    case 'storage':
      return [{ text: 'This box cannot store alarms any more', sinceMs: nowMs - reason.sinceMs }, pumpAlarmWorks]
  }
}

export const highAlarms = ({ high, local, afterMs }: PlainInput): readonly Finding[] => {
  const sounding = new Set(local.reasons.flatMap((reason) => ('alarm' in reason ? [reason.alarm] : [])))
  const quiet = high.filter(({ alarm }) => !sounding.has(alarm))
  const taken = quiet.filter(({ accepted }) => accepted)
  const told = quiet.filter(({ accepted }) => !accepted)
  const seconds = Math.round(afterMs / 1_000)
  return [
    ...told.map(({ alarm }): Finding => ({
      mood: 'attention',
      title: reports(alarm.port, alarm.code),
      lines: [
        { text: 'The nurses are being told.' },
        { text: `If nobody takes it within ${seconds} seconds, this box sounds.` },
      ],
    })),
    ...taken.map(({ alarm }): Finding => ({
      mood: 'attention',
      title: { text: 'A nurse has taken the alarm' },
      lines: [reports(alarm.port, alarm.code), { text: 'Keep your phone near: the nurse may call.' }],
    })),
  ]
}

export const boxTrouble = ({ healthy, conditions, sounder }: PlainInput): readonly Finding[] => [
  ...(sounder === 'fails'
    ? [
        {
          mood: 'attention' as const,
          title: { text: 'The sounder of this box does not work' },
          lines: [{ text: 'Keep this page open with its sound on, and tell your team.' }, pumpAlarmWorks],
        },
      ]
    : []),
  ...(healthy
    ? []
    : [
        {
          mood: 'attention' as const,
          title: { text: 'This box is stuck' },
          lines: [{ text: 'It should start again by itself within a few minutes.' }, pumpAlarmWorks],
        },
      ]),
  ...conditions
    .filter(({ code }) => code !== 'hub-auth-failed')
    .map(({ code, priority }): Finding => ({
      mood: priority === 'high' || priority === 'medium' ? 'attention' : 'note',
      title: { text: conditionWords[code] },
      lines: [{ text: 'Your team can see this, too. Nothing is lost that was stored before.' }, pumpAlarmWorks],
    })),
]

const conditionWords: Readonly<Record<HubCondition['code'], string>> = {
  'storage-degraded': 'The storage of this box is nearly full or damaged',
  'clock-untrusted': 'The clock of this box is not sure of the time',
  'record-quarantined': 'A message of a pump could not be used',
  'hub-auth-failed': 'This box is locked out of the server',
}

export const connection = ({ uplink }: PlainInput): readonly Finding[] => {
  const sinceMs = uplink.unansweredMs
  if (!uplink.paired)
    return [
      {
        mood: 'attention',
        title: { text: 'NOT PAIRED: no nurse sees this box' },
        lines: [{ text: 'It has not been connected to a server yet.' }, alarmsAreKept, pumpAlarmWorks],
      },
    ]
  if (uplink.refused)
    return [
      {
        mood: 'attention',
        title: { text: 'This box is locked out of the server', sinceMs },
        lines: [{ text: 'No nurse sees it. Your team has to let it in again.' }, alarmsAreKept, pumpAlarmWorks],
      },
    ]
  if (sinceMs > (uplink.inTrouble ? noConnectionInTroubleMs : noConnectionMs))
    return [
      {
        mood: 'attention',
        title: { text: 'This box has no connection to the server', sinceMs },
        lines: [{ text: 'Is the internet router on?' }, alarmsAreKept, pumpAlarmWorks],
      },
    ]
  if (uplink.alarmsWaitMs !== null && uplink.alarmsWaitMs > alarmsWaitMs)
    return [
      {
        mood: 'attention',
        title: { text: 'The server does not take messages', sinceMs: uplink.alarmsWaitMs },
        lines: [alarmsAreKept, pumpAlarmWorks],
      },
    ]
  if (!uplink.everAnswered) return [{ mood: 'note', title: { text: 'Starting: asking the server' }, lines: [] }]
  return []
}

export const pumpTrouble = ({ pumps }: PlainInput): readonly Finding[] => [
  ...pumps.flatMap(({ port, silentMs, lost, reason }): Finding[] =>
    lost
      ? [
          {
            mood: 'attention',
            title: {
              text: `The pump at “${port}” is not heard`,
              ...(silentMs === null ? {} : { sinceMs: silentMs }),
            },
            lines: [
              { text: 'Is it switched on? Is its cable plugged in at both ends?' },
              ...(reason === null ? [] : [{ text: reason }]),
              pumpAlarmWorks,
            ],
          },
        ]
      : [],
  ),
  ...pumps.flatMap(({ port, listenOnly }): Finding[] =>
    listenOnly
      ? [
          {
            mood: 'note',
            title: { text: `The pump at “${port}” speaks only when it has an alarm` },
            lines: [{ text: 'This box cannot tell whether it is there. Look at the pump itself.' }],
          },
        ]
      : [],
  ),
  ...pumps.flatMap(({ port, silentMs, lost, listenOnly, reason }): Finding[] =>
    silentMs === null && !lost && !listenOnly
      ? [
          {
            mood: 'note',
            title: { text: `No pump has been heard at “${port}” yet` },
            lines: reason === null ? [] : [{ text: reason }],
          },
        ]
      : [],
  ),
  ...(pumps.length === 0 ? [{ mood: 'note' as const, title: { text: 'No pump has been heard yet' }, lines: [] }] : []),
]

export const smallThings = ({ pumps }: PlainInput): readonly Finding[] =>
  pumps.flatMap(({ port, alarms, lost, listenOnly, silentMs, verified }): Finding[] => [
    ...alarms
      .filter(({ priority }) => priority === 'medium' || priority === 'low')
      .map(({ code, priority }): Finding => ({
        mood: priority === 'medium' ? 'attention' : 'note',
        title: reports(port, code),
        lines: [{ text: advice[code].meaning }, { text: 'The nurses see this, too.' }],
      })),
    ...(!lost && !listenOnly && silentMs !== null && !verified
      ? [{ mood: 'note' as const, title: { text: `Asking the pump at “${port}” how it is` }, lines: [] }]
      : []),
  ])

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
