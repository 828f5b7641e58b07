import { hubsWords } from '#dashboard/core/hubs-words.ts'
import './styles/hubs.css'
import { useSignal } from '@preact/signals'
import type { Signal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { HubView } from '#domain/live/views.ts'
import { actMarks } from '#dashboard/core/hub-acts.ts'
import { hubRank, silentGroups } from '#dashboard/core/hub-groups.ts'
import type { SilentGroup } from '#dashboard/core/hub-groups.ts'
import { ClockCell, DelayCell, DrainCell, HeardCell, HubDetail, OutboxCell, PathCell, PowerCell } from './hub-cells.tsx'
import { HubLedger } from './hub-ledger.tsx'
import { HubLog } from './hub-log.tsx'
import { HubStrip, slotsOfDay, StripPattern } from './hub-strip.tsx'
import { useApp } from './state/app-state.ts'
import { HubDaysModel } from './state/hub-days-model.ts'

const pageSize = 100
const columns = ['lastHeard', 'day', 'path', 'outbox', 'delays', 'clock', 'power', 'pumps', 'version'] as const

/** Is the way from the homes open? Never shows a pump's value. */
export const HubsPage = (): JSX.Element => {
  const app = useApp()
  const { live } = app
  const words = app.wordsWith(hubsWords)
  const model = useMemo(() => new HubDaysModel(app.link), [app])
  useEffect(() => model.start(), [model])
  const shown = useSignal(pageSize)
  const hubs = [...live.hubs.value.values()].toSorted(
    (a, b) => hubRank(a) - hubRank(b) || a.name.localeCompare(b.name, undefined, { numeric: true }),
  )
  if (hubs.length === 0) return <p class="empty">{words.hubs.empty}</p>
  return (
    <div class="hubs">
      <StripPattern />
      <Summary hubs={hubs} model={model} />
      <HubTable hubs={hubs.slice(0, shown.value)} model={model} />
      {hubs.length > shown.value && (
        <button class="btn" onClick={() => (shown.value += pageSize)}>
          {words.hubs.more(Math.min(pageSize, hubs.length - shown.value))}
        </button>
      )}
      <Legend />
    </div>
  )
}

interface ListProps {
  readonly hubs: readonly HubView[]
  readonly model: HubDaysModel
}

const Summary = ({ hubs, model }: ListProps): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(hubsWords).hubs
  const { count, time, moment } = app.formats.value
  const now = app.live.now.value
  const days = model.byHub.value
  const silent = hubs.filter(({ state }) => state === 'lost').length
  const groups = silentGroups(hubs, (hubId) => days.get(hubId)?.network ?? null)
  const failure = model.failure.value
  const told = model.told.value
  return (
    <div class="hubs-summary" data-testid="hubs-summary">
      <p>
        {app.live.frozen.value && now !== null && <b>{text.frozen(app.formats.value.timeSeconds(now))} </b>}
        {silent > 0 ? (
          <b>{text.silentNow(silent, count(hubs.length))}</b>
        ) : hubs.length === 1 ? (
          text.oneHeard
        ) : (
          text.allHeard(count(hubs.length))
        )}{' '}
        <span class="hint for-keys">{text.keys}</span>
      </p>
      {groups.map((group) => (
        <Group key={group.hubs[0]} group={group} at={(ms) => moment(ms, now ?? ms)} />
      ))}
      {failure !== null && (
        <p class="notice" role="alert">
          {text.dayFailed(app.words.failure[failure])} {told !== null && text.dayOld(time(told.to))}
        </p>
      )}
    </div>
  )
}

const Group = ({ group, at }: { readonly group: SilentGroup; readonly at: (ms: number) => string }): JSX.Element => {
  const text = useApp().wordsWith(hubsWords).hubs
  const { network, since, hubs, of } = group
  return (
    <p class="notice" data-testid="hub-group" data-network={network}>
      <b>
        {network === null ? text.groupAll(hubs.length, at(since), of) : text.group(hubs.length, at(since), network, of)}
      </b>
    </p>
  )
}

const HubTable = ({ hubs, model }: ListProps): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(hubsWords).hubs
  const opened = useSignal<string | null>(null)
  const body = useRef<HTMLTableSectionElement>(null)
  const move = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1, Home: -1e9, End: 1e9 }[event.key]
    const buttons = [...(body.current?.querySelectorAll<HTMLElement>('.hub-open') ?? [])]
    const here = buttons.findIndex((button) => button === document.activeElement)
    if (by === undefined || here < 0) return
    event.preventDefault()
    buttons[Math.max(0, Math.min(buttons.length - 1, here + by))]?.focus()
  }
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={text.title} onKeyDown={move}>
      <table class="data-table hub-table">
        <thead>
          <tr>
            <th scope="col">{text.name}</th>
            {columns.map((column) => (
              <th key={column} scope="col" data-column={column}>
                {column === 'path' ? app.wordsWith(hubsWords).hubs.path.title : text[column]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {hubs.map((hub) => (
            <HubRow key={hub.hubId} hub={hub} model={model} opened={opened} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface RowProps {
  readonly hub: HubView
  readonly model: HubDaysModel
  readonly opened: Signal<string | null>
}

const HubRow = ({ hub, model, opened }: RowProps): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(hubsWords)
  const silent = hub.state === 'lost' || hub.state === 'never-heard'
  const day = model.byHub.value.get(hub.hubId)
  const isOpen = opened.value === hub.hubId
  const slotMs = model.told.value?.slotMs ?? 300_000
  const silentNow = silent || app.live.frozen.value || model.failure.value !== null
  return (
    <>
      <tr class={silent ? 'silent' : ''} data-testid="hub-row" data-hub={hub.hubId} data-state={hub.state}>
        <th scope="row">
          <button
            class="hub-open"
            aria-expanded={isOpen}
            aria-label={words.hubs.open(hub.name)}
            onClick={() => (opened.value = isOpen ? null : hub.hubId)}
          >
            {hub.name}
          </button>
          {hub.hubId !== hub.name && <span class="second">{hub.hubId}</span>}
        </th>
        <td class={silent || app.live.frozen.value ? 'hatch' : ''} data-column="lastHeard">
          <HeardCell hub={hub} />
        </td>
        <td data-column="day">
          <HubStrip
            slots={day?.slots ?? ''}
            slotMs={slotMs}
            silentNow={silentNow}
            marks={actMarks(day?.acts ?? [], model.told.value?.to ?? 0, slotMs, slotsOfDay)}
          />
        </td>
        <td data-column="path">
          <PathCell hub={hub} />
        </td>
        <td data-column="outbox">
          <OutboxCell hub={hub} />
          <DrainCell hub={hub} day={day} />
        </td>
        <td data-column="delays">
          <DelayCell day={day} />
        </td>
        <td data-column="clock">
          <ClockCell hub={hub} />
        </td>
        <td data-column="power">
          <PowerCell hub={hub} />
        </td>
        <td data-column="pumps">{app.formats.value.count(hub.pumpIds.length)}</td>
        <td data-column="version">{hub.gatewayVersion ?? words.notReported}</td>
      </tr>
      {isOpen && (
        <tr class="hub-more">
          <td colSpan={columns.length + 1}>
            <HubDetail hub={hub} day={day} />
            {app.may('ledger.view') && hub.lastHeardAt !== null && <HubLedger hubId={hub.hubId} />}
            {app.may('hub.act') && <HubLog hub={hub} stored={() => void model.ask()} />}
          </td>
        </tr>
      )}
    </>
  )
}

const Legend = (): JSX.Element => {
  const { dayLegend, day } = useApp().wordsWith(hubsWords).hubs
  return (
    <ul class="strip-legend" aria-label={day}>
      {(['heard', 'partly', 'silent', 'unknown'] as const).map((kind) => (
        <li key={kind}>
          <svg width="22" height="18" aria-hidden="true">
            <rect
              class={`run-${kind}`}
              x="1"
              y={kind === 'partly' ? 10 : 4}
              width="20"
              height={kind === 'partly' ? 7 : 13}
            />
          </svg>
          {dayLegend[kind]}
        </li>
      ))}
      <li>
        <svg width="22" height="18" aria-hidden="true">
          <rect class="run-heard" x="1" y="4" width="20" height="13" />
          <rect class="restart" x="10" y="0" width="2" height="18" />
        </svg>
        {dayLegend.restart}
      </li>
      <li>
        <svg width="22" height="18" aria-hidden="true">
          <rect class="run-heard" x="1" y="1" width="20" height="10" />
          <rect class="act-mark" x="9" y="13" width="4" height="5" />
        </svg>
        {dayLegend.act}
      </li>
    </ul>
  )
}
