import { writeSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { alarmEngine } from '#domain/alarm/engine.ts'
import { AlarmPolicy, defaultAlarmPolicy } from '#domain/alarm/policy.ts'
import { EpisodeId, PumpId, UserId } from '#domain/ids.ts'
import { defaultTeam } from '#domain/on-call/duty.ts'
import { PagingPolicy } from '#domain/paging/policy.ts'
import { nodeClock, nodeScheduler } from '#server/adapters/node-clock.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { openPaging } from '#server/compose/paging.ts'
import { AlarmService } from '#server/core/alarm-service.ts'
import type { JournalEffects } from '#server/core/ports.ts'
import { pumpSubject } from '#server/core/link-commands.ts'
import { createLivePicture } from '#server/core/live-picture.ts'
import type { PageChannels } from '#server/core/page-channels.ts'
import type { PageJournal } from '#server/core/paging/page-journal.ts'

// Alarms, their journal on a disk and the pager as one process, with quick policy times. It prints what leaves, and kills itself where
// it is told: `PAGING_KILL=place:n`, at the n-th time, or `ALARM_KILL=before:type` and `after:type`, at the commit of such an event.
// `CHECK_IN_MS`: an owner is asked for a word so often. Arguments: journal file, then `raise` and `accept` as wanted.

const [file = '', ...acts] = process.argv.slice(2)
const [place = '', times = '1'] = (process.env['PAGING_KILL'] ?? '').split(':')
let left = Number(times)

const killHere = (name: string): void => {
  if (name !== place) return
  left -= 1
  if (left > 0) return
  process.kill(process.pid, 'SIGKILL')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}
const [moment = '', fatalType = ''] = (process.env['ALARM_KILL'] ?? '').split(':')
const checkInMs = Number(process.env['CHECK_IN_MS'] ?? 0)
const dieAt = (name: string, { appends }: JournalEffects): void => {
  if (name !== moment || !appends.some(({ events }) => events.some(({ type }) => type === fatalType))) return
  process.kill(process.pid, 'SIGKILL')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}
const say = (line: string): void => {
  writeSync(1, `${line}\n`)
}

const journal = openJournal(file)
const pages: PageJournal = {
  commit: async (...args) => {
    killHere('before-commit')
    await journal.pages.commit(...args)
    killHere('after-commit')
  },
  claim: async (...args) => {
    const due = await journal.pages.claim(...args)
    if (due.length > 0) killHere('after-claim')
    return due
  },
  load: (root) => journal.pages.load(root),
  restless: () => journal.pages.restless(),
  since: (root, from) => journal.pages.since(root, from),
  unreached: () => journal.pages.unreached(),
}
const channels: PageChannels = {
  send: async ({ notificationId, place: where, kind }, userId) => {
    const what = kind === 'call' ? 'call' : 'send'
    killHere(`before-${what}`)
    say(`sent ${notificationId} ${userId} ${where} ${kind}`)
    killHere(`after-${what}`)
    return [{ channel: 'web-push', address: 'phone', outcome: { is: 'sent' } }]
  },
  over: async () => [],
}
const assignments = new Map()
const picture = createLivePicture({ clock: nodeClock, epoch: randomUUID(), assignments })
const newEpisodeId = (): EpisodeId => EpisodeId.parse(`e-${randomUUID()}`)
const alarms = new AlarmService({
  engine: alarmEngine,
  policy:
    checkInMs === 0
      ? defaultAlarmPolicy
      : AlarmPolicy.parse({
          checkIn: { ...defaultAlarmPolicy.checkIn, high: { everyMs: checkInMs, lapseAfterMs: checkInMs } },
        }),
  journal: {
    commit: async (effects) => {
      dieAt('before', effects)
      await journal.alarms.commit(effects)
      dieAt('after', effects)
    },
  },
  archive: journal.states,
  scheduler: nodeScheduler,
  notKept: (error) => {
    throw error
  },
  picture,
  assignments,
  clock: nodeClock,
  newEpisodeId,
  facilityTimeZone: 'UTC',
  colleagues: { all: async () => [], find: async () => null },
})
alarms.rebuild()
const person = (name: string) => ({ userId: UserId.parse(`u-${name}`), name })
const quick = {
  holdOffMs: 0,
  holdOffCriticalMs: 0,
  holdOffUnattendedMs: 0,
  againMs: 1_000,
  backupMs: 600,
  leadMs: 1_200,
  leadAgainMs: 1_000,
  notAudibleMs: 500,
  notViewedMs: 600,
  callMs: 300,
  callAgainMs: 60_000,
}
const paging = openPaging({
  journal: pages,
  alarms: {
    openAlarms: () => alarms.openAlarms(),
    onCommitted: (listener) => alarms.onCommitted(listener),
    system: (commands) => alarms.system(commands),
    // The pump is heard in every run.
    isListed: () => true,
  },
  picture,
  onCall: {
    duty: (teamId) => ({ teamId, primary: person('nurse'), backup: person('backup'), lead: person('lead') }),
    teams: () => [defaultTeam],
  },
  channels,
  isDemoPerson: () => false,
  // Everybody's telephone rings.
  canCall: () => true,
  teamOf: () => defaultTeam,
  policy: PagingPolicy.parse({ high: quick, medium: quick, exhaustedAgainMs: 1_000, reminderMs: 600_000 }),
  clock: nodeClock,
  scheduler: nodeScheduler,
  newEpisodeId,
  newNotificationId: randomUUID,
  log: pino({ level: 'silent' }),
})
await paging.rebuild()
paging.start()
if (checkInMs > 0) setInterval(() => void alarms.tick(), 50)

const subject = pumpSubject(PumpId.parse('P-1'))
if (acts.includes('raise')) {
  const about = { code: 'pump-malfunction', channelId: null, hubId: null, priority: 'high', delivering: null } as const
  const rest = { text: null, unverifiedPumps: [], experimental: false, simulated: false } as const
  const at = nodeClock.now()
  await alarms.system([
    { subject, command: { type: 'raise-derived', at, episodeId: EpisodeId.parse('e-1'), ...about, ...rest } },
  ])
  say('raised')
}
process.stdin.on('data', (chunk: Buffer) => {
  if (chunk.toString().trim() !== 'accept') return
  const command = {
    kind: 'accept',
    requestId: randomUUID(),
    episodeId: EpisodeId.parse('e-1'),
    expectedVersion: 0,
  } as const
  void alarms.desk.act(person('backup'), command).then((reply) => say(`accepted ${reply.outcome}`))
})
say('up')
