import { PumpId } from '#domain/ids.ts'
import type { EpisodeId, HubId } from '#domain/ids.ts'
import type { PumpView } from '#domain/live/views.ts'
import { pumpFound, pumpLost, pumpSubject } from './link-commands.ts'
import type { LinkFacts, SubjectCommand } from './link-commands.ts'
import type { DatedRecord } from './ports.ts'

// What a hub's record asks of the alarm engine.

export interface RecordFacts {
  readonly newEpisodeId: () => EpisodeId
  readonly pump: (pumpId: PumpId) => PumpView | null
}

export const recordCommands = (facts: RecordFacts, hubId: HubId, dated: DatedRecord): readonly SubjectCommand[] => {
  const { record, numbering, occurredAt, uncertaintyMs, receivedAt, late } = dated
  switch (record.kind) {
    case 'telemetry':
    case 'thinned':
    case 'tombstone':
      return []
    case 'condition':
    case 'snapshot': {
      const about = {
        key: { hubId, bootId: record.bootId, seq: record.seq },
        numbering,
        monotonicMs: record.monotonicMs,
        occurredAt,
        uncertaintyMs,
        receivedAt,
        late,
        simulated: facts.pump(record.pumpId)?.simulated ?? false,
      }
      const subject = pumpSubject(record.pumpId)
      return record.kind === 'condition'
        ? [{ subject, command: { ...about, type: 'report-condition', condition: record.body } }]
        : [{ subject, command: { ...about, type: 'report-snapshot', snapshot: record.body } }]
    }
    case 'event':
      // An old link event says nothing about the link now: the heartbeat's list does.
      return record.pumpId === null || late ? [] : linkCommands(facts, hubId, record.pumpId, dated)
  }
}

const linkCommands = (
  facts: RecordFacts,
  hubId: HubId,
  pumpId: PumpId,
  { record, occurredAt }: DatedRecord,
): readonly SubjectCommand[] => {
  if (record.kind !== 'event') return []
  const link: LinkFacts = { ...facts, at: occurredAt }
  const { event, detail } = record.body
  if (event === 'link-down') return pumpLost(link, hubId, pumpId, textOf(detail['reason']))
  if (event === 'link-up') return pumpFound(link, pumpId)
  if (event !== 'identity-changed') return []
  return identityCommands(facts, hubId, pumpId, detail, occurredAt)
}

/** The pump that answered before is back, so its own alarm of this kind is over. */
const identityCommands = (
  facts: RecordFacts,
  hubId: HubId,
  pumpId: PumpId,
  detail: Readonly<Record<string, unknown>>,
  at: number,
): readonly SubjectCommand[] => {
  const view = facts.pump(pumpId)
  const [from, to, port] = [textOf(detail['from']), textOf(detail['to']) ?? pumpId, textOf(detail['port'])]
  const before = PumpId.safeParse(from)
  const where = port === null ? 'this port' : `port ${port}`
  const code = 'identity-changed'
  return [
    ...(before.success
      ? [
          {
            subject: pumpSubject(before.data),
            command: { type: 'end-derived', at, code, channelId: null },
          } as const,
        ]
      : []),
    {
      subject: pumpSubject(pumpId),
      command: {
        type: 'raise-derived',
        at,
        episodeId: facts.newEpisodeId(),
        code,
        channelId: null,
        hubId,
        priority: null,
        delivering: null,
        text: `pump ${to} answers on ${where}${from === null ? '' : `, where pump ${from} was`}`,
        unverifiedPumps: [],
        experimental: view?.experimental ?? false,
        simulated: view?.simulated ?? false,
      },
    },
  ]
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value.slice(0, 256) : null)
