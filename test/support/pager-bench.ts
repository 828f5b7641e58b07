import { EpisodeId, UserId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import { defaultTeam, type Duty } from '#domain/on-call/duty.ts'
import { openPaging, type Paging, type PagingParts } from '#server/compose/paging.ts'
import type { DownChannels } from '#server/core/channels/down-channels.ts'
import type { LivePicture } from '#server/core/live-picture.ts'
import type { AlarmService } from '#server/core/alarm-service.ts'
import { FakeChannels } from './fake-channels.ts'
import { flushMicrotasks } from './manual-clock.ts'
import { openServerBench } from './server-bench.ts'

const person = (name: string): Person => ({ userId: UserId.parse(`u-${name}`), name })
export const osei = person('m.osei')
export const ito = person('k.ito')
export const lind = person('j.lind')
/** An account of the demonstration. */
export const novak = person('a.novak')

/** Alarms, their journal and the pager on a manual clock, with channels under the test's control. */
export const openPagerBench = async (
  options: NonNullable<Parameters<typeof openServerBench>[0]> & Pick<PagingParts, 'stations' | 'canCall'> = {},
) => {
  const { stations, canCall, ...rest } = options
  const bench = await openServerBench(rest)
  const channels = new FakeChannels()
  const duty: { now: Omit<Duty, 'teamId'> } = { now: { primary: osei, backup: ito, lead: lind } }
  const tests: { now: DownChannels } = { now: { down: [], isSettled: true } }
  let ids = 0
  const begin = async (alarms: AlarmService, picture: LivePicture): Promise<Paging> => {
    const paging = openPaging({
      journal: bench.pages,
      alarms,
      picture,
      onCall: { duty: (teamId) => ({ teamId, ...duty.now }), teams: () => [defaultTeam] },
      channels,
      downChannels: () => tests.now,
      ...(stations === undefined ? {} : { stations }),
      ...(canCall === undefined ? {} : { canCall }),
      isDemoPerson: (userId) => userId === novak.userId,
      teamOf: () => defaultTeam,
      clock: bench.clock,
      scheduler: bench.clock,
      newEpisodeId: bench.newEpisodeId,
      newNotificationId: () => `n-${(ids += 1)}`,
      log: bench.log,
    })
    await paging.rebuild()
    paging.start()
    await flushMicrotasks()
    return paging
  }
  let running = await begin(bench.alarms, bench.picture)
  let alarms = bench.alarms
  let picture = bench.picture
  return {
    ...bench,
    channels,
    /** What the channels' own tests say. */
    tests,
    duty,
    get pager() {
      return running.pager
    },
    get paging() {
      return running
    },
    get service() {
      return alarms
    },
    get wall() {
      return picture
    },
    pass: (ms: number) => bench.clock.advanceAsync(ms),
    /** `person priority episodes`, in the order in which they left. */
    told: () =>
      channels.sent.map(({ page, userId }) => `${userId.slice(2)} ${page.priority} ${page.episodeIds.join()}`),
    ids: () => channels.sent.map(({ page }) => page.notificationId),
    act: async (by: Person, kind: 'accept' | 'withdraw' | 'reject', episodeId: string, expectedVersion: number) => {
      const requestId = `request-${(ids += 1)}-${kind}`
      const about = { requestId, expectedVersion, episodeId: EpisodeId.parse(episodeId) }
      const command = kind === 'reject' ? { ...about, kind, reason: 'not reachable' } : { ...about, kind }
      const reply = await alarms.desk.act(by, command)
      await flushMicrotasks()
      return reply
    },
    /** The process dies and another one starts on the same journal. */
    restart: async () => {
      await running[Symbol.asyncDispose]()
      const again = await bench.restarted()
      alarms = again.alarms
      picture = again.picture
      running = await begin(again.alarms, again.picture)
    },
    close: async () => {
      await running[Symbol.asyncDispose]()
      await bench.close()
    },
  }
}

export type PagerBench = Awaited<ReturnType<typeof openPagerBench>>
