import { UserId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import type { Clock } from '#domain/time.ts'
import { readAssignments } from '../adapters/assignments-file.ts'
import type { SocketioLiveFeed } from '../adapters/live-feed/socketio-live-feed.ts'
import { AssignmentBook } from '../core/assignment-book.ts'
import type { AlarmService } from '../core/alarm-service.ts'
import type { Assignments, AssignmentStore } from '../core/assignments.ts'
import { pumpSubject } from '../core/link-commands.ts'
import type { LinkSupervisor } from '../core/link-supervisor.ts'
import type { LivePicture } from '../core/live-picture.ts'
import type { Log } from '../core/log.ts'
import type { OnCallBook } from '../core/on-call-book.ts'

/** Stands for a person where a file or a command made the change. */
export const assignmentsFile: Person = { userId: UserId.parse('assignments-file'), name: 'ASSIGNMENTS_FILE' }

/**
 * What is stored, and the file on top of it: as often as it is read the same. What a person changed since is newer than the file
 * and stays.
 */
export const openAssignments = async (
  store: AssignmentStore,
  file: string | null,
  clock: Clock,
  log: Log,
): Promise<AssignmentBook> => {
  const book = new AssignmentBook(store, clock)
  await book.refresh()
  if (file === null) return book
  const list = await readAssignments(file, 'ASSIGNMENTS_FILE')
  const changed = await book.import(assignmentsFile, list, { spare: true })
  log.info({ pumps: list.size, changed: changed.length }, 'assignments were read from their file')
  return book
}

/** The wall and the alarms hear of a change when it is made, not when the pump next says something. */
export const followAssignments = (
  assignments: Assignments,
  deps: {
    readonly picture: LivePicture
    readonly alarms: AlarmService
    readonly links: Pick<LinkSupervisor, 'riskChanged'>
    readonly clock: Clock
    readonly log: Log
  },
): void => {
  const { picture, alarms, links, clock, log } = deps
  assignments.onChange(({ pumpId, before, after }) => {
    picture.assigned(pumpId)
    if (before.criticality === after.criticality) return
    links.riskChanged(pumpId)
    const command = { type: 'set-criticality', at: clock.now(), criticality: after.criticality } as const
    alarms
      .system([{ subject: pumpSubject(pumpId), command }])
      // The next word of the pump, and the next tick while it has an open alarm, sets it again.
      .catch((error: unknown) => log.error({ err: error, pumpId }, 'a changed criticality could not be stored'))
  })
}

/** Who sees what changes with assignments, teams, rotas and accounts: every open page hears of it at once. */
export const followTeams = (
  feed: Pick<SocketioLiveFeed, 'rescope' | 'recheck'>,
  {
    assignments,
    onCall,
    log,
  }: { readonly assignments: Assignments; readonly onCall: Pick<OnCallBook, 'onChange'>; readonly log: Log },
): void => {
  assignments.onChange(({ before, after }) => {
    if (before.teamId !== after.teamId) feed.rescope()
  })
  onCall.onChange(() => {
    feed.rescope()
    // The next recheck, within 30 s, tries again.
    feed.recheck().catch((error: unknown) => log.error({ err: error }, 'open pages could not be checked'))
  })
}
