import type { JSX } from 'preact'
import type { SupplyRow } from '#domain/live/supply.ts'
import { planWords } from '#dashboard/core/plan-words.ts'
import { age, drugText, nbsp, timeLeft } from '#dashboard/core/format.ts'
import type { SupplyAxis } from '#dashboard/core/supply-axis.ts'
import { routeTo } from '#dashboard/core/route.ts'
import { SupplyStrip } from './plan-supply-axis.tsx'
import { useApp } from './state/app-state.ts'
import type { AppState } from './state/app-state.ts'
import { zonedTime } from './zoned-time.ts'

interface LineProps {
  readonly row: SupplyRow
  readonly axis: SupplyAxis
  /** This page is not told any more. */
  readonly old: boolean
}

/** Who, when, in a picture, and what to bring. */
export const SupplyLine = ({ row, axis, old }: LineProps): JSX.Element => {
  const app = useApp()
  // When the next delivery starts is the plan's word, not the pump's.
  const isOld = old || (row.stale && row.group !== 'next-start')
  const { head, lines } = whenTexts(app, row, isOld)
  return (
    <li class="supply-row" data-testid="supply-row" data-pump={row.pump.pumpId} data-old={isOld}>
      <Identity row={row} />
      <div class={`supply-when ${isOld ? 'hatch' : ''}`}>
        <div class="plate">
          <b>{head}</b>
          {lines.map((line) => (
            <span key={line} class="second">
              {line}
            </span>
          ))}
        </div>
      </div>
      <SupplyStrip row={row} axis={axis} old={isOld} />
      <Bag row={row} />
    </li>
  )
}

const Identity = ({ row }: { readonly row: SupplyRow }): JSX.Element => {
  const app = useApp()
  const { plan } = app.wordsWith(planWords)
  const { pumpId, label, simulated } = row.pump
  const channel = row.channelId === null ? null : plan.channel(row.channelId)
  const number = channel === null ? pumpId : `${pumpId}, ${channel}`
  return (
    <div class="supply-who">
      <a href={routeTo({ name: 'pump', pumpId })} aria-label={plan.identity(label ?? plan.noLabel, number)}>
        <b>{label ?? pumpId}</b>
      </a>
      <span class="second">
        {label === null ? plan.noLabel : number}
        {row.drugLabel !== null && `, ${drugText(row.drugLabel)}`}
        {simulated && app.me.value?.demo !== true && <span class="supply-simulated"> {plan.simulated}</span>}
      </span>
    </div>
  )
}

interface When {
  readonly head: string
  readonly lines: readonly string[]
}

const whenTexts = (app: AppState, row: SupplyRow, isOld: boolean): When => {
  switch (row.group) {
    case 'runs-out':
      return runsOutTexts(app, row, isOld)
    case 'stands':
      return standsTexts(app, row, isOld)
    case 'not-known':
      return notKnownTexts(app, row)
    case 'next-start':
      return nextStartTexts(app, row, isOld)
  }
}

const nowOf = (app: AppState, { heardAt }: SupplyRow): number => app.live.now.value ?? heardAt ?? 0

const momentOf = (app: AppState, row: SupplyRow, at: number): string => app.formats.value.moment(at, nowOf(app, row))

/** By the clock of the home, where that is another one. */
const homeLine = (app: AppState, row: SupplyRow, at: number): readonly string[] => {
  const { supply } = app.wordsWith(planWords).plan
  const zone = row.timeZone
  return zone === null || zone === app.me.value?.facilityTimeZone
    ? []
    : [supply.atHome(zonedTime(app, zone).moment(at, nowOf(app, row)), zone)]
}

const heardLine = (app: AppState, row: SupplyRow): string => {
  const { supply } = app.wordsWith(planWords).plan
  return row.heardAt === null ? supply.neverHeard : supply.lastHeard(momentOf(app, row, row.heardAt))
}

const runsOutTexts = (app: AppState, row: SupplyRow, isOld: boolean): When => {
  const { supply } = app.wordsWith(planWords).plan
  const { runsOut, end } = row
  // A battery that is empty before the next start.
  const soonest = runsOut ?? { at: row.battery.how === 'until' ? row.battery.at : 0, what: 'battery' as const }
  const time = momentOf(app, row, soonest.at)
  const inMs = soonest.at - nowOf(app, row)
  const what = soonest.what === 'battery' ? supply.battery : supply.program
  if (isOld)
    return {
      head: supply.lastTold(time, row.heardAt === null ? '' : momentOf(app, row, row.heardAt)),
      lines: [what, ...(soonest.what === 'program' ? batteryLine(app, row) : [])],
    }
  /** Its date is told already. */
  const beside = (ms: number): string => app.formats.value.moment(ms, soonest.at)
  const isProgram = soonest.what === 'program' && end.how === 'at'
  const range =
    isProgram && end.earliest !== null && end.latest !== null
      ? [supply.range(beside(end.earliest), beside(end.latest))]
      : isProgram && end.earliest === null
        ? [supply.maySooner]
        : []
  return {
    head: time,
    lines: [
      `${what} ${inMs >= 0 ? supply.inTime(age(inMs)) : supply.overdue(age(-inMs))}`,
      ...(isProgram ? [[...range, supply.by[end.by]].join(', ')] : []),
      ...(soonest.what === 'battery' && end.how === 'at' ? [supply.programToo(momentOf(app, row, end.likely))] : []),
      ...(soonest.what === 'program' ? batteryLine(app, row) : []),
      ...homeLine(app, row, soonest.at),
    ],
  }
}

/** Nothing while the pump is on mains. */
const batteryLine = (app: AppState, row: SupplyRow): readonly string[] => {
  const { supply } = app.wordsWith(planWords).plan
  const { battery } = row
  switch (battery.how) {
    case 'mains':
      return []
    case 'until':
      return [supply.batteryToo(momentOf(app, row, battery.at))]
    case 'percent':
      return [supply.batteryPercent(`${app.formats.value.whole(battery.percent)}${nbsp}%`)]
    case 'not-told':
      return [supply.batteryNotTold]
  }
}

const standsTexts = (app: AppState, row: SupplyRow, isOld: boolean): When => {
  const { supply } = app.wordsWith(planWords).plan
  const { end, leftMl, state } = row
  const left = end.how === 'stands' ? end.leftSeconds : null
  const ml = leftMl === null ? [] : [supply.leftMl(app.formats.value.volume(leftMl))]
  const { value, unit } = timeLeft(left ?? 0)
  return {
    head: app.words.operatingState[isOld ? 'unknown' : state],
    lines: [
      ...(left === null ? (ml.length === 0 ? [supply.leftNotTold] : []) : [supply.left(`${value}${nbsp}${unit}`)]),
      ...ml,
      ...(isOld ? [heardLine(app, row)] : []),
      ...batteryLine(app, row),
    ],
  }
}

const notKnownTexts = (app: AppState, row: SupplyRow): When => {
  const { supply } = app.wordsWith(planWords).plan
  const { end } = row
  const head = end.how === 'not-told' ? supply.notTold[end.why] : supply.keepsOpen
  return { head, lines: [heardLine(app, row), ...(row.heardAt === null ? [] : batteryLine(app, row))] }
}

const nextStartTexts = (app: AppState, row: SupplyRow, isOld: boolean): When => {
  const { supply } = app.wordsWith(planWords).plan
  const at = row.nextBag?.at ?? 0
  return {
    head: momentOf(app, row, at),
    lines: [
      isOld ? supply.nextStart : `${supply.nextStart} ${supply.inTime(age(at - nowOf(app, row)))}`,
      ...(row.stale ? [heardLine(app, row)] : []),
      ...homeLine(app, row, at),
    ],
  }
}

const Bag = ({ row }: { readonly row: SupplyRow }): JSX.Element => {
  const app = useApp()
  const { supply } = app.wordsWith(planWords).plan
  const { nextBag, run } = row
  if (nextBag === null) return <div class="supply-bag hint">{supply.noPlan}</div>
  return (
    <div class="supply-bag">
      <span class="supply-bag-name">{supply.nextBag} </span>
      <b>{momentOf(app, row, nextBag.at)}</b>
      <span class="second">
        {nextBag.why === 'plan-goes-on' && run !== null
          ? supply.planGoesOn(app.formats.value.moment(run.endsAt, nextBag.at))
          : supply.planned}
      </span>
    </div>
  )
}
