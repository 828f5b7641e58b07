import { randomUUID } from 'node:crypto'
import { defaultTeam } from '#domain/on-call/duty.ts'
import type { UserId } from '#domain/ids.ts'
import type { Journal } from '../adapters/sqlite/open-journal.ts'
import type { AssignmentBook } from '../core/assignment-book.ts'
import { openPaging, teamOfSubject } from './paging.ts'
import type { Paging, PagingParts } from './paging.ts'
import { openPagingChannels } from './paging-channels.ts'
import type { PagingChannels, PagingChannelsParts } from './paging-channels.ts'

type FromOutside = 'config' | 'accounts' | 'openPages' | 'origins'
type OfPaging = 'alarms' | 'picture' | 'stations' | 'isDemo' | 'isDemoPerson' | 'newEpisodeId'

export interface CallingParts
  extends Pick<PagingChannelsParts, FromOutside>, Required<Pick<PagingParts, OfPaging>>, Pick<PagingParts, 'log'> {
  readonly journal: Pick<Journal, 'database' | 'change' | 'pages'>
  readonly onCall: NonNullable<PagingChannelsParts['onCall']>
  readonly assignments: Pick<AssignmentBook, 'get'>
  readonly clock: PagingParts['clock']
  readonly scheduler: PagingParts['scheduler']
}

export interface Calling extends AsyncDisposable {
  readonly ways: PagingChannels
  readonly paging: Paging
}

/** The ways to a person and who is called over them, each of which tells the other what came of it. */
export const openCalling = async (parts: CallingParts): Promise<Calling> => {
  const { journal, assignments, picture, log } = parts
  await using opened = new AsyncDisposableStack()
  const notStored = (error: unknown): void =>
    log.error({ err: error }, 'that a test page got through could not be stored')
  const ways = opened.use(
    await openPagingChannels({
      ...parts,
      database: journal.database,
      change: journal.change,
      receipts: {
        shown: async (receipt) => paging.desk.shown(receipt),
        pressed: async (notificationId) => paging.desk.pressed(notificationId),
      },
      reached: (userId: UserId) => void paging.pager.reach.gotThrough(userId).catch(notStored),
    }),
  )
  const paging: Paging = opened.use(
    openPaging({
      ...parts,
      journal: journal.pages,
      channels: ways.channels,
      downChannels: () => ways.channels.down(),
      canCall: (userId) => ways.canCall(userId),
      teamOf: teamOfSubject(picture, (pumpId) => assignments.get(pumpId)?.teamId ?? defaultTeam),
      newNotificationId: randomUUID,
    }),
  )
  await paging.rebuild()
  const kept = opened.move()
  return { ways, paging, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}
