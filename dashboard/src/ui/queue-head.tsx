import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { groupOf } from '#dashboard/core/alarm-order.ts'
import type { QueueFilter } from '#dashboard/core/queue-filter.ts'
import { Icon } from './icons.tsx'
import { useApp } from './state/app-state.ts'

/** Title, filters and what they hide; how to find a row; choosing several. */
export const QueueHead = (): JSX.Element => {
  const { words, live, queue } = useApp()
  const order = live.order.value
  const ended = order.filter((alarm) => groupOf(alarm) === 'ended').length
  return (
    <div class="queue-head">
      <h2 id="queue-title">{words.wall.queue}</h2>
      {order.length > 0 && <span class="hint queue-count">{words.wall.queueCount(order.length - ended, ended)}</span>}
      <FindBox />
      <Filters />
      <HiddenNote />
      <Scope />
      {queue.filterEnded.value && (
        <p class="filter-note" role="status" data-testid="filter-ended">
          {words.queue.filterEnded}
        </p>
      )}
    </div>
  )
}

/** An empty list of few pumps is no empty site: whose alarms are not here is said on every wall that does not have all. */
const Scope = (): JSX.Element | null => {
  const { words, onCall, language } = useApp()
  const teams = onCall.told.value?.seesOnly ?? null
  if (teams === null) return null
  const names = new Intl.ListFormat(language.value.locale, { type: 'conjunction' }).format(teams)
  return (
    <p class="queue-scope" data-testid="scope">
      {words.queue.seesOnly(names)}
    </p>
  )
}

const kinds = ['all', 'mine', 'unowned'] as const
/** Of who can own none. */
const whole = ['all', 'unowned'] as const

const Filters = (): JSX.Element => {
  const app = useApp()
  const { words, live, queue, formats } = app
  const me = app.me.value?.userId ?? null
  const alarms = live.order.value
  const counts = {
    all: alarms.length,
    mine: alarms.filter(({ owner, handedTo }) => me !== null && (owner?.userId === me || handedTo?.userId === me))
      .length,
    unowned: alarms.filter((alarm) => groupOf(alarm) === 'unowned').length,
  }
  const filter = queue.filter.value
  return (
    <div class="filters">
      <div class="segmented" role="group" aria-label={words.queue.filter}>
        {(app.mayAct.value ? kinds : whole).map((kind) => (
          <button
            key={kind}
            data-testid={`filter-${kind}`}
            aria-pressed={filter.kind === kind}
            onClick={() => queue.show({ kind })}
          >
            {words.queue.filters[kind]} <span class="filter-count">{formats.value.count(counts[kind])}</span>
          </button>
        ))}
      </div>
      {filter.kind === 'pump' && (
        <button class="btn filter-chip" data-testid="filter-pump" onClick={() => queue.show({ kind: 'all' })}>
          {live.known(filter.pumpId)?.label ?? filter.pumpId}
          <Icon name="crossed" size={16} />
          <span class="sr">{words.queue.endFilter}</span>
        </button>
      )}
      {queue.wards.value.length > 1 && <Wards filter={filter} />}
    </div>
  )
}

const Wards = ({ filter }: { readonly filter: QueueFilter }): JSX.Element => {
  const { words, queue } = useApp()
  return (
    <label class="ward">
      <span class="sr">{words.queue.ward}</span>
      <select
        value={filter.kind === 'ward' ? filter.ward : ''}
        onChange={({ currentTarget: { value } }) =>
          queue.show(value === '' ? { kind: 'all' } : { kind: 'ward', ward: value })
        }
      >
        <option value="">{words.queue.allWards}</option>
        {queue.wards.value.map((ward) => (
          <option key={ward} value={ward}>
            {ward}
          </option>
        ))}
      </select>
    </label>
  )
}

/** What a filter hides is said as long as it hides it. */
const HiddenNote = (): JSX.Element | null => {
  const { words, queue } = useApp()
  const { high, medium, low } = queue.hidden.value
  if (high + medium + low === 0) return null
  return (
    <button class="btn hidden-note" data-testid="hidden-by-filter" onClick={() => queue.show({ kind: 'all' })}>
      {words.queue.hidden(high, medium, low)}
    </button>
  )
}

/** Goes to the next row that holds the words; hides nothing. */
const FindBox = (): JSX.Element => {
  const { words } = useApp()
  const at = useRef(-1)
  const find = (event: Event): void => {
    event.preventDefault()
    const form = event.currentTarget
    const input = form instanceof HTMLFormElement ? form.querySelector('input') : null
    const wanted = input?.value.trim().toLocaleLowerCase() ?? ''
    if (wanted === '') return
    const rows = [...document.querySelectorAll<HTMLElement>('.queue [data-episode]')].filter((row) =>
      row.innerText.toLocaleLowerCase().includes(wanted),
    )
    at.current = rows.length === 0 ? -1 : (at.current + 1) % rows.length
    rows[at.current]?.scrollIntoView({ block: 'nearest' })
    rows[at.current]?.focus()
  }
  return (
    <form class="find" role="search" onSubmit={find}>
      <input
        id="queue-find"
        type="search"
        autocomplete="off"
        aria-label={words.queue.find}
        placeholder={words.queue.find}
        onInput={() => (at.current = -1)}
      />
    </form>
  )
}
