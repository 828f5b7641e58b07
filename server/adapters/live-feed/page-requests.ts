import { CanaryHeard, LiveCommand, PageNotice, Station } from '#domain/live/messages.ts'
import type { CommandReply, LiveRequest } from '#domain/live/messages.ts'
import { isArmedOnCall } from '#domain/on-call/armed.ts'
import { instant } from '#domain/time.ts'
import type { Clock } from '#domain/time.ts'
import type { Accounts, Identity } from '#server/core/accounts.ts'
import type { DeskOf } from '#server/core/alarm-desk.ts'
import { refusal } from '#server/core/audit-sightings.ts'
import type { AuditSightings } from '#server/core/audit-sightings.ts'
import type { Log } from '#server/core/log.ts'
import type { PagingDesk } from '#server/core/paging/paging-desk.ts'
import type { StationSeat } from '#server/core/path/stations.ts'
import { liveRequestAccess, may, mayAct } from '#server/core/permissions.ts'
import type { ScopeBook } from '#server/core/scope-book.ts'
import type { LiveFeedCounters } from './counters.ts'

export interface PageRequestDependencies {
  readonly accounts: Pick<Accounts, 'recheck' | 'active'>
  readonly scopes: Pick<ScopeBook, 'sight'>
  readonly deskOf: DeskOf
  readonly notices: Pick<PagingDesk, 'noticed'>
  readonly sightings: Pick<AuditSightings, 'saw'>
  readonly counters: LiveFeedCounters
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
}

/** One open page: who it is may change while it is open. */
export interface OpenPage {
  identity: Identity
}

export type PageRequest = (message: unknown, answer: (reply?: unknown) => void) => void

const notAllowed: CommandReply = { outcome: 'refused', message: 'Your role cannot do this.' }
const notStored: CommandReply = { outcome: 'refused', message: 'The server could not store it. Try again.' }

/** What a page may say, each under its permission (core/permissions.ts): nothing of it is heard without. */
export const pageRequests = (deps: PageRequestDependencies) => {
  const { accounts, scopes, deskOf, notices, sightings, counters, clock, log } = deps

  const receipt = async ({ identity }: OpenPage, message: unknown): Promise<void> => {
    const parsed = PageNotice.safeParse(message)
    if (!parsed.success) {
      counters['refused-message'] += 1
      return
    }
    const { about } = parsed.data
    if ('notificationId' in about) return notices.noticed(identity.userId, parsed.data)
    const desk = deskOf(scopes.sight(identity, liveRequestAccess.receipt))
    const episodeIds = about.episodeIds.filter((episodeId) => desk.has(episodeId))
    if (episodeIds.length > 0) await notices.noticed(identity.userId, { ...parsed.data, about: { episodeIds } })
  }

  const command = async (page: OpenPage, message: unknown): Promise<CommandReply> => {
    const parsed = LiveCommand.safeParse(message)
    if (!parsed.success) {
      counters['refused-message'] += 1
      return { outcome: 'refused', message: 'The command is not well formed.' }
    }
    const identity = await accounts.recheck(page.identity.sessionHash)
    if (identity === null || !mayAct(identity.role, parsed.data.kind)) {
      counters['refused-role'] += 1
      if (identity !== null)
        void sightings.saw([refusal(identity.userId, `alarm.${parsed.data.kind}`, liveRequestAccess.command)])
      return notAllowed
    }
    await accounts.active(identity.sessionHash, clock.now())
    const { userId, name, role } = identity
    const desk = deskOf(scopes.sight(identity, liveRequestAccess.command))
    const reply = await desk.act({ userId, name }, parsed.data, role)
    return reply.outcome === 'unknown' ? { outcome: 'refused', message: 'There is no such alarm.' } : reply
  }

  return (page: OpenPage, seat: StationSeat, hello: (message: unknown) => void): Record<LiveRequest, PageRequest> => {
    const heard: Record<LiveRequest, PageRequest> = {
      hello,
      receipt(message, answer) {
        // What has no meaning is acknowledged, too: saying it again would not give it one.
        receipt(page, message).then(
          () => answer(),
          (error: unknown) => log.error({ err: error }, 'a receipt could not be stored'),
        )
      },
      command(message, answer) {
        command(page, message).then(
          (reply) => answer(reply),
          (error: unknown) => {
            log.error({ err: error }, 'live command failed')
            answer(notStored)
          },
        )
      },
      'canary-heard'(message, answer) {
        const parsed = CanaryHeard.safeParse(message)
        if (!parsed.success) counters['refused-message'] += 1
        answer(parsed.success ? seat.heard(parsed.data) : null)
      },
      station(message) {
        const parsed = Station.safeParse(message)
        if (!parsed.success) {
          counters['refused-message'] += 1
          return
        }
        seat.said(parsed.data)
        const idleMs = isArmedOnCall(parsed.data) ? 0 : parsed.data.lastInputAgeMs
        // A browser counts parts of milliseconds, which no instant has.
        const touchedAt = instant(Math.floor(clock.now() - idleMs))
        accounts
          .active(page.identity.sessionHash, touchedAt)
          .catch((error: unknown) => log.warn({ err: error }, 'session activity could not be stored'))
      },
    }
    const guarded =
      (request: LiveRequest): PageRequest =>
      (message, answer) => {
        if (may(page.identity.role, liveRequestAccess[request])) return heard[request](message, answer)
        counters['refused-role'] += 1
        answer(request === 'command' ? notAllowed : null)
      }
    return {
      hello: guarded('hello'),
      command: guarded('command'),
      station: guarded('station'),
      receipt: guarded('receipt'),
      'canary-heard': guarded('canary-heard'),
    }
  }
}
