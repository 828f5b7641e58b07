import { randomUUID } from 'node:crypto'
import { isAttended } from '#domain/on-call/attended.ts'
import { defaultTeam, type TeamId } from '#domain/on-call/duty.ts'
import type { StationFacts } from '#domain/on-call/station.ts'
import type { EpisodeId, PumpId, UserId } from '#domain/ids.ts'
import { defaultPagingPolicy, type PagingPolicy } from '#domain/paging/policy.ts'
import { findProfile } from '#domain/pump-protocols/profiles.ts'
import type { Clock, Scheduler } from '#domain/time.ts'
import type { DownChannels } from '../core/channels/down-channels.ts'
import type { AlarmService } from '../core/alarm-service.ts'
import type { LivePicture } from '../core/live-picture.ts'
import type { Log } from '../core/log.ts'
import type { OnCall } from '../core/on-call.ts'
import type { PageChannels } from '../core/page-channels.ts'
import { channelDownAlarm } from '../core/paging/channel-down-alarm.ts'
import { labelledChannels } from '../core/paging/labelled-channels.ts'
import type { PageJournal } from '../core/paging/page-journal.ts'
import { PagedNotes } from '../core/paging/paged-notes.ts'
import { Pager } from '../core/paging/pager.ts'
import { createPagingDesk, type PagingDesk } from '../core/paging/paging-desk.ts'
import type { AlarmSubject } from '../core/ports.ts'

export interface PagingParts {
  readonly journal: PageJournal
  readonly alarms: Pick<AlarmService, 'openAlarms' | 'onCommitted' | 'isListed' | 'system'>
  readonly picture: LivePicture
  /** Null: there is no rota. */
  readonly onCall: OnCall | null
  /** Null: there is no way to reach anybody. */
  readonly channels: PageChannels | null
  /** What the channels' own tests say; absent: nothing. */
  readonly downChannels?: () => DownChannels
  /** The site is a demonstration: what is wrong with its channels is nobody real's alarm. */
  readonly isDemo?: boolean
  readonly isDemoPerson: (userId: UserId) => boolean
  /** Open screens of a person; absent: nothing is known of them, and nothing is concluded. */
  readonly stations?: (userId: UserId) => readonly StationFacts[]
  /** A hook has the telephone number of this person; absent: nobody has one. */
  readonly canCall?: (userId: UserId) => boolean
  readonly teamOf: (subject: AlarmSubject) => TeamId
  /** Absent: the defaults of alarms.md. */
  readonly policy?: PagingPolicy
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly newEpisodeId: () => EpisodeId
  readonly newNotificationId: () => string
  readonly log: Log
}

export interface Paging extends AsyncDisposable {
  readonly pager: Pager
  /** Folds what was done and decides what is due: after the alarms' own fold, before anybody is served. */
  rebuild(): Promise<void>
  readonly desk: PagingDesk
  /** Rejects when paging has stood still since the last call, and is late when it hangs: for the watchdog. */
  check(): Promise<void>
  /** Without a rota or a channel nobody is paged. */
  start(): void
}

const isOnDuty = (onCall: OnCall, clock: Clock, userId: UserId): boolean =>
  onCall.teams().some((team) => {
    const { primary, backup, lead } = onCall.duty(team, clock.now())
    return [primary, backup, lead].some((person) => person?.userId === userId)
  })

const noWays: PageChannels = { send: async () => [], over: async () => [] }

const noRota: OnCall = {
  duty: (teamId) => ({ teamId, primary: null, backup: null, lead: null }),
  teams: () => [],
}

/** The team of a hub is that of its pumps when they share one; else everybody's. */
export const teamOfSubject =
  (picture: Pick<LivePicture, 'hub'>, teamOfPump: (pumpId: PumpId) => TeamId) =>
  (subject: AlarmSubject): TeamId => {
    if (subject.kind === 'pump') return teamOfPump(subject.pumpId)
    const teams = new Set(
      subject.kind === 'hub' ? (picture.hub(subject.hubId)?.pumpIds ?? []).map((id) => teamOfPump(id)) : [],
    )
    const [only] = teams
    return only !== undefined && teams.size === 1 ? only : defaultTeam
  }

/** Follows the alarms and pages people. `rebuild()` before anybody is served, `start()` after. */
export const openPaging = (parts: PagingParts): Paging => {
  const { journal, alarms, picture, clock, log } = parts
  const onCall = parts.onCall ?? noRota
  const isOn = parts.onCall !== null && parts.channels !== null
  const policy = parts.policy ?? defaultPagingPolicy
  const notes = new PagedNotes({ picture, policy, now: () => pager.now() })
  const pager: Pager = new Pager({
    ...parts,
    onCall,
    channels: labelledChannels(parts.channels ?? noWays, (pumpId) => picture.pump(pumpId)?.label ?? null),
    openAlarms: () => alarms.openAlarms(),
    isLaboratory: (subject) =>
      subject.kind === 'pump' && findProfile(picture.pump(subject.pumpId)?.protocol ?? '')?.laboratory === true,
    canCall: parts.canCall ?? (() => false),
    isAttended: (userId, asked) =>
      parts.stations === undefined
        ? null
        : parts.stations(userId).some((station) => isAttended(station, asked, policy.attendedWithinMs)),
    isHeard: (subject) => subject.kind !== 'pump' || alarms.isListed(subject.pumpId),
    looked: (roots) => {
      if (roots.length === 0) notes.showAgain((root) => pager.stateOf(root))
      else notes.show(new Map(roots.map((root) => [root, pager.stateOf(root)])))
      void channelDown.look()
    },
    policy,
    holder: randomUUID(),
  })
  const channelDown = channelDownAlarm({
    system: (commands) => alarms.system(commands),
    reach: pager.reach,
    isNeeded: (userId) => isOnDuty(onCall, clock, userId) || pager.isOwner(userId),
    channels: parts.downChannels ?? (() => ({ down: [], isSettled: true })),
    isDemo: parts.isDemo ?? false,
    clock,
    newEpisodeId: parts.newEpisodeId,
    log,
  })
  alarms.onCommitted((changes) => pager.changed(changes))
  let sweepsBefore = -1
  return {
    check: async () => {
      if (!isOn) return
      const { sweeps } = pager
      if (sweeps === sweepsBefore) throw new Error('no page that is due was looked for since the last check')
      sweepsBefore = sweeps
      await pager.settled()
    },
    pager,
    desk: createPagingDesk({ pager, journal, policy }),
    rebuild: async () => {
      if (isOn) await pager.rebuild()
    },
    start: () => {
      if (isOn) pager.start()
    },
    [Symbol.asyncDispose]: () => pager[Symbol.asyncDispose](),
  }
}
