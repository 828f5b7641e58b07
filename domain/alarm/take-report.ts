import type { EpisodeId } from '../ids.ts'
import { isSimulated } from '../telemetry.ts'
import { defaultPriority } from './catalogue.ts'
import { comparePriority } from './priority-rank.ts'
import type { RaiseDerived, SystemCommand } from './commands.ts'
import type { Episode } from './episode.ts'
import type { AlarmEvent } from './events.ts'
import { isSuperseded } from './report-folding.ts'
import { reportKey, type HubReport, type Report } from './reports.ts'
import type { AlarmState } from './state.ts'

type Command<T extends SystemCommand['type']> = Extract<SystemCommand, { type: T }>
type HubCommand = Command<'report-condition'> | Command<'report-snapshot'>
type ReportCommand = HubCommand | RaiseDerived | Command<'end-derived'>

const hubReport = (command: HubCommand): HubReport => {
  const { key, numbering, monotonicMs, occurredAt, uncertaintyMs, receivedAt, late } = command
  const dated = { key, numbering, monotonicMs, occurredAt, uncertaintyMs, receivedAt, late }
  switch (command.type) {
    case 'report-condition': {
      const { condition } = command
      const simulated = command.simulated || isSimulated(condition.measurementStatus)
      return { kind: 'condition', ...dated, simulated, condition }
    }
    case 'report-snapshot': {
      const { snapshot } = command
      const simulated = command.simulated || isSimulated(snapshot.measurementStatus)
      return { kind: 'snapshot', ...dated, simulated, alarms: snapshot.alarms }
    }
  }
}

const isKnown = (state: AlarmState, report: HubReport): boolean =>
  state.reports.some((known) => known.kind !== 'derived' && reportKey(known.key) === reportKey(report.key))

const openDerived = (
  state: AlarmState,
  { code, channelId }: Pick<RaiseDerived, 'code' | 'channelId'>,
): Episode | undefined =>
  Object.values(state.episodes).find(
    ({ condition }) =>
      condition.source === 'server' && condition.open && condition.code === code && condition.channelId === channelId,
  )

const saysNothingNew = ({ condition }: Episode, command: RaiseDerived): boolean =>
  condition.vendorText === command.text &&
  condition.delivering === command.delivering &&
  (condition.simulated || !command.simulated) &&
  comparePriority(command.priority ?? 'info', condition.reportedPriority) <= 0 &&
  comparePriority(defaultPriority(command.code, command.delivering), condition.reportedPriority) <= 0 &&
  condition.unverifiedPumps.join() === command.unverifiedPumps.join()

const lastAlias = ({ episodeId, condition }: Episode): EpisodeId => condition.aliases.at(-1) ?? episodeId

const raised = (state: AlarmState, command: RaiseDerived): Report | null => {
  const { type: _, unverifiedPumps, ...rest } = command
  const open = openDerived(state, command)
  if (open !== undefined && saysNothingNew(open, command)) return null
  const episodeId = open === undefined ? command.episodeId : lastAlias(open)
  const nth = state.derivedCount
  return { kind: 'derived', ...rest, unverifiedPumps: [...unverifiedPumps], episodeId, nth, raised: true }
}

const ended = (state: AlarmState, command: Command<'end-derived'>): Report | null => {
  const open = openDerived(state, command)
  if (open === undefined) return null
  const { code, channelId, hubId, delivering, vendorText, unverifiedPumps, experimental, simulated } = open.condition
  return {
    kind: 'derived',
    nth: state.derivedCount,
    at: command.at,
    raised: false,
    episodeId: lastAlias(open),
    code,
    channelId,
    hubId,
    priority: null,
    delivering,
    text: vendorText,
    unverifiedPumps,
    experimental,
    simulated,
  }
}

/** The report as a fact, once: a repeated key, a superseded list or a derived alarm that says nothing new has no effect. */
export const reportEvents = (state: AlarmState, command: ReportCommand): readonly AlarmEvent[] => {
  switch (command.type) {
    case 'report-condition':
    case 'report-snapshot': {
      const report = hubReport(command)
      if (isKnown(state, report) || isSuperseded(state, report)) return []
      return [{ type: 'report-noted', at: command.receivedAt, report }]
    }
    case 'raise-derived':
    case 'end-derived': {
      const report = command.type === 'raise-derived' ? raised(state, command) : ended(state, command)
      return report === null ? [] : [{ type: 'report-noted', at: command.at, report }]
    }
  }
}
